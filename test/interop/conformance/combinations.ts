import { compare, type ScenarioComparison } from './compare.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { type GatewayUnderTest, startGateway } from './gateway.ts';
import { revisions } from './requirements.ts';
import { type Check, type Results, runScenario, runSuite } from './suite.ts';

export type UpstreamKind = 'http' | 'stdio';
export interface Combination {
  readonly upstream: UpstreamKind;
  readonly revision: string;
  readonly direct: Results;
  readonly through: Results;
  readonly scenarios: readonly ScenarioComparison[];
  /** Scenarios that were run once more, alone. */
  readonly again: readonly string[];
}

/** The option for the fixture when it runs directly, so that it can do over HTTP just what it can do behind the gateway. */
const direct: Record<UpstreamKind, readonly string[]> = { http: [], stdio: ['--as-stdio'] };
const kinds: readonly UpstreamKind[] = ['http', 'stdio'];
/** More differing scenarios than this cannot be a matter of time. */
const MAX_AGAIN = 5;

/**
 * Runs every requirement set of the suite directly and through the gateway, before HTTP and stdio upstreams, those of one
 * revision at the same time, and compares. The suite has no stdio of its own: what the same handlers give directly over
 * HTTP is what they must give over stdio through the gateway.
 */
export async function runAll(wanted: readonly string[] = revisions()): Promise<Combination[]> {
  const setting = new Setting();
  try {
    await setting.start(wanted);
    const combinations: Combination[] = [];
    for (const revision of wanted) {
      const own = await Promise.all(kinds.map((upstream) => setting.run(upstream, revision)));
      for (const combination of own) combinations.push(await setting.again(combination));
    }
    return combinations;
  } finally {
    await setting.stop();
  }
}

/** The fixture servers and the gateway before them. */
class Setting {
  readonly #fixtures: Fixture[] = [];
  #gateway: GatewayUnderTest | undefined;
  /** Addresses of each combination: direct and through. */
  readonly #urls = new Map<string, readonly [string, string]>();

  /** A server process for each run: what one run changes (lists, tasks) must not reach another. */
  async #fixture(...args: readonly string[]): Promise<string> {
    const fixture = await startFixture(...args);
    this.#fixtures.push(fixture);
    return fixture.url;
  }

  async start(wanted: readonly string[]): Promise<void> {
    const behind = await Promise.all(
      wanted.map((revision) => this.#fixture().then((url) => [`http-${revision}`, url])),
    );
    const names = wanted.map((revision) => `stdio-${revision}`);
    const gateway = await startGateway(Object.fromEntries(behind), names);
    this.#gateway = gateway;
    for (const upstream of kinds)
      for (const revision of wanted) {
        const name = `${upstream}-${revision}`;
        this.#urls.set(name, [await this.#fixture(...direct[upstream]), await gateway.urlOf(name)]);
      }
  }

  async run(upstream: UpstreamKind, revision: string): Promise<Combination> {
    const [was, is] = await this.#both(`${upstream}-${revision}`, (name, url, { home }) =>
      runSuite(home, name, url, revision),
    );
    return { upstream, revision, direct: was, through: is, scenarios: compare(was, is), again: [] };
  }

  /**
   * Runs what differs once more, alone: some scenarios wait only half a second for an answer, which a
   * busy machine may need for itself. What differs still is a difference.
   */
  async again(combination: Combination): Promise<Combination> {
    const again = combination.scenarios.filter(({ differences }) => differences.length > 0);
    if (again.length === 0 || again.length > MAX_AGAIN) return combination;
    const { upstream, revision } = combination;
    const was = new Map(combination.direct);
    const is = new Map(combination.through);
    for (const { scenario } of again) {
      const [one, other] = await this.#both<readonly Check[]>(
        `${upstream}-${revision}`,
        (name, url, { home }) => runScenario(home, `${name}-${scenario}`, url, { revision, scenario }),
      );
      was.set(scenario, one);
      is.set(scenario, other);
    }
    const names = again.map(({ scenario }) => scenario);
    return { upstream, revision, direct: was, through: is, scenarios: compare(was, is), again: names };
  }

  async #both<T>(
    combination: string,
    run: (name: string, url: string, gateway: GatewayUnderTest) => Promise<T>,
  ): Promise<[T, T]> {
    const urls = this.#urls.get(combination);
    if (!urls || !this.#gateway) throw new Error(`Nothing was started for ${combination}.`);
    return Promise.all([
      run(`direct-${combination}`, urls[0], this.#gateway),
      run(`through-${combination}`, urls[1], this.#gateway),
    ]);
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
    await Promise.all(this.#fixtures.map((fixture) => fixture.stop()));
  }
}
