import { alive, drawbridge, type Home, type Serving, scratchHome, serve } from '../kit.ts';
import { STDIO } from './fixture.ts';
import { type Forward, forwardTo } from './forward.ts';

/** A real core before the fixture servers, in a data folder of its own, with a policy that allows everything. */
export interface GatewayUnderTest {
  readonly home: Home;
  /** The address of a server through the gateway, for a client that cannot send a token. */
  urlOf(server: string): Promise<string>;
  stop(): Promise<void>;
}

/** @param http addresses of the servers to add over HTTP, by name; and the names of those to add over stdio */
export async function startGateway(
  http: Record<string, string>,
  stdio: readonly string[],
): Promise<GatewayUnderTest> {
  const home = scratchHome();
  const run = async (...args: string[]): Promise<string> => {
    const result = await drawbridge(home, ...args);
    if (result.code !== 0) throw new Error(`drawbridge ${args.join(' ')}: ${result.stderr}${result.stdout}`);
    return result.stdout.trim();
  };
  let serving: Serving | undefined;
  const forwards: Forward[] = [];
  const stop = async (): Promise<void> => {
    for (const forward of forwards) forward.close();
    if (serving && alive(serving.pid)) await serving.stop();
    else if (serving) process.stderr.write(`The core ended by itself: ${serving.said()}\n`);
    home.remove();
  };
  try {
    serving = await serve(home);
    const policy = home.write('policy.json', JSON.stringify({ version: '1', default: 'allow' }));
    const add = async (name: string, ...how: string[]): Promise<void> => {
      await run('servers', 'add', name, ...how);
      await run('policy', 'set', name, policy);
    };
    const [token] = await Promise.all([
      run('token', 'conformance'),
      ...Object.entries(http).map(([name, url]) => add(name, '--url', url)),
      ...stdio.map((name) => add(name, '--', ...STDIO)),
    ]);
    const { gateway } = serving;
    const urlOf = async (server: string): Promise<string> => {
      const forward = await forwardTo(`${gateway}/s/${server}/mcp`, token);
      forwards.push(forward);
      return forward.url;
    };
    return { home, urlOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
