import type { CoreParts } from '../assemble.ts';
import type { CoreOptions } from '../create-core.ts';
import { createBypassTimer } from '../policy/bypass-timer.ts';

/** What calls change in the interface is shown this often at most. */
const GATHER_MS = 100;

/**
 * What follows from what: a changed policy ends the prompts bound to the old one and tells clients that their tool list
 * changed; every record in the audit moves the activity tick; and so on. Everything that joins two parts stands here.
 */
export function watchParts(parts: CoreParts, options: CoreOptions): { stop(): void } {
  const { hub, approvals, audit, policies, catalogue, upstreams, signIns, settings, gateway } = parts;
  const { clock } = options.ports;

  approvals.onChange(() => hub.touch('approvals'));
  let gathering = false;
  audit.onAppend((seq) => {
    parts.activity.tick(seq);
    // Records come by the hundred a second when agents are busy, and nobody reads that fast.
    if (gathering) return;
    gathering = true;
    clock.after(GATHER_MS, () => {
      gathering = false;
      hub.touch('recent', 'today', 'servers');
    });
  });
  policies.onChange((server) => {
    const state = policies.state(server);
    audit.note('policy-changed', { server, version: state.version, broken: state.broken });
    approvals.invalidate((request) => request.server === server, 'The policy changed while the call waited.');
    gateway.notifyToolsChanged(server);
    hub.touch('servers', 'problems');
  });
  catalogue.onChange((server) => {
    policies.recommendedChanged(server);
    approvals.invalidate(
      (request) =>
        request.server === server && catalogue.find(server, request.tool)?.hash !== request.definitionHash,
      'The server changed the definition of this tool while the call waited.',
    );
    hub.touch('servers');
  });
  upstreams.onChange(() => hub.touch('servers', 'problems'));
  signIns.onChange((server, what) => {
    if (what === 'signed-in') upstreams.signedIn(server);
    hub.touch('servers', 'problems');
  });
  settings.onChange(() => hub.touch('mode', 'servers', 'core'));

  const bypass = createBypassTimer({
    settings,
    clock,
    ended: ({ mode }) => {
      audit.note('mode', { mode, why: 'The time to let everything through is over.' });
      if (mode === 'raised') approvals.withdrawAll('The bridge is raised again: every call is refused.');
      gateway.notifyToolsChanged();
    },
    // The engine looks at the time itself: the bypass is over all the same.
    failed: (error) => options.ports.log('error', 'The end of the bypass could not be saved', error),
  });

  return {
    stop: () => bypass.stop(),
  };
}
