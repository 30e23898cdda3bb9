import { compare, type ScenarioComparison } from './compare.ts';
import { startFixture } from './fixture.ts';
import { startGateway } from './gateway.ts';
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

const kinds: readonly UpstreamKind[] = ['http', 'stdio'];

/**
 * Runs every requirement set of the suite directly and through the gateway, before HTTP and stdio upstreams, all at the
 * same time, and compares. The suite has no stdio of its own: what the same handlers give directly over HTTP is what they
 * must give over stdio through the gateway.
 */
export async function runAll(wanted: readonly string[] = revisions()): Promise<Combination[]> {
  // A server process for each run: what one run changes (lists, tasks) must not reach another.
  const fixtures = await Promise.all(wanted.flatMap(() => [startFixture(), startFixture()]));
  const urlAt = (place: number): string => (fixtures[place] as { url: string }).url;
  const name = (kind: UpstreamKind, revision: string): string => `${kind}-${revision}`;
  const http = Object.fromEntries(wanted.map((revision, at) => [name('http', revision), urlAt(2 * at + 1)]));
  const gateway = await startGateway(
    http,
    wanted.map((revision) => name('stdio', revision)),
  );
  try {
    const perRevision = wanted.map(async (revision, at): Promise<Combination[]> => {
      const direct = runSuite(gateway.home, `direct-${revision}`, urlAt(2 * at), revision);
      return Promise.all(
        kinds.map(async (upstream) => {
          const server = name(upstream, revision);
          const url = await gateway.urlOf(server);
          const [was, is] = await Promise.all([direct, runSuite(gateway.home, server, url, revision)]);
          return { upstream, revision, direct: was, through: is, scenarios: compare(was, is) };
        }),
      );
    });
    return (await Promise.all(perRevision)).flat();
  } finally {
    await gateway.stop();
    await Promise.all(fixtures.map((fixture) => fixture.stop()));
  }
}
