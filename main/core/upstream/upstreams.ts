import { createListeners } from '../../../shared/base/listeners.ts';
import { createLoginShell } from '../login-shell/index.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { createKeeper } from './stdio/keeper.ts';
import { type UpstreamDeps, UpstreamError, type Upstreams } from './types.ts';
import { Upstream } from './upstream.ts';

/** All upstream servers of a core. Nothing is started before a connection is asked for. */
export function createUpstreams(deps: UpstreamDeps): Upstreams {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const loginShell = deps.loginShell ?? createLoginShell(deps.ports);
  const keeper = createKeeper(deps.ports.machine.platform, deps.ports.log);
  const servers = new Map<string, Upstream>();
  const listeners = createListeners<[server: string]>();
  let stopped = false;
  const upstream = (name: string): Upstream => {
    let found = servers.get(name);
    if (!found) {
      const changed = (): void => {
        listeners.tell(name);
      };
      found = new Upstream({ name, deps, limits, loginShell, keeper, changed });
      servers.set(name, found);
    }
    return found;
  };
  const running = (): void => {
    if (stopped) throw new UpstreamError('unsent', 'Drawbridge is stopping.');
  };
  return {
    async connect(server, era = 'legacy') {
      running();
      return upstream(server).connect(era);
    },
    async era(server) {
      running();
      return upstream(server).era();
    },
    health: (server) => servers.get(server)?.health() ?? { status: 'idle', text: null, connections: 0 },
    note: (server, text) => servers.get(server)?.ring.add('event', text),
    logs: (server) => servers.get(server)?.ring.lines() ?? [],
    onChange: (listener) => void listeners.add(listener),
    childPids: () => [...servers.values()].flatMap((each) => each.childPids()),
    signedIn: (server) => servers.get(server)?.signedIn(),
    async reset(server) {
      // Whoever starts a server anew may have mended what kept the shell from answering.
      void loginShell.again();
      await upstream(server).reset(true);
    },
    async stop() {
      stopped = true;
      await Promise.all([...servers.values()].map((each) => each.reset(false)));
      keeper.stop();
      loginShell.stop();
    },
  };
}
