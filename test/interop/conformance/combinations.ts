import { compare, type ScenarioComparison } from './compare.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { type GatewayUnderTest, startGateway } from './gateway.ts';
import { revisions } from './requirements.ts';
import { type Results, runSuite } from './suite.ts';

export type UpstreamKind = 'http' | 'stdio';
export interface Combination {
  readonly upstream: UpstreamKind;
  readonly revision: string;
  readonly direct: Results;
  readonly through: Results;
  readonly scenarios: readonly ScenarioComparison[];
}

/** What the fixture is told when it runs directly, so that it can do over HTTP just what it can do behind the gateway. */
const direct: Record<UpstreamKind, readonly string[]> = { http: [], stdio: ['--as-stdio'] };
const kinds: readonly UpstreamKind[] = ['http', 'stdio'];

/**
 * Runs every requirement set of the suite directly and through the gateway, before HTTP and stdio upstreams, all at the
 * same time, and compares. The suite has no stdio of its own: what the same handlers give directly over HTTP is what they
 * must give over stdio through the gateway.
 */
export async function runAll(wanted: readonly string[] = revisions()): Promise<Combination[]> {
  // A server process for each run: what one run changes (lists, tasks) must not reach another.
  const fixtures: Fixture[] = [];
  const start = async (...args: string[]): Promise<string> => {
    const fixture = await startFixture(...args);
    fixtures.push(fixture);
    return fixture.url;
  };
  let gateway: GatewayUnderTest | undefined;
  try {
    const behind = await Promise.all(
      wanted.map((revision) => start().then((url) => [`http-${revision}`, url])),
    );
    const names = wanted.map((revision) => `stdio-${revision}`);
    const running = await startGateway(Object.fromEntries(behind), names);
    gateway = running;
    const run = async (revision: string, upstream: UpstreamKind): Promise<Combination> => {
      const name = `${upstream}-${revision}`;
      const [was, is] = await Promise.all([
        start(...direct[upstream]).then((url) => runSuite(running.home, `direct-${name}`, url, revision)),
        running.urlOf(name).then((url) => runSuite(running.home, name, url, revision)),
      ]);
      return { upstream, revision, direct: was, through: is, scenarios: compare(was, is) };
    };
    return await Promise.all(wanted.flatMap((revision) => kinds.map((upstream) => run(revision, upstream))));
  } finally {
    await gateway?.stop();
    await Promise.all(fixtures.map((fixture) => fixture.stop()));
  }
}
