import { parseArgs } from 'node:util';

export const SCENARIOS = [
  'echo',
  'payload',
  'list',
  'load',
  'sessions',
  'memory',
  'bridge',
  'clients',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Options {
  readonly only: ReadonlySet<Scenario>;
  readonly rounds: number;
  readonly quick: boolean;
  readonly peers: boolean;
  readonly json: string | undefined;
  readonly profile: string | undefined;
}

export const USAGE = `npm run bench -- [--only NAME]… [--rounds N] [--quick] [--no-peers] [--json FILE] [--profile FOLDER]
  --only      one of ${SCENARIOS.join(', ')}; may be given more than once
  --rounds    how often the targets take turns (7)
  --quick     a tenth of the calls: to see that it works
  --no-peers  without mcp-proxy, supergateway and mcp-remote
  --json      write all figures to this file
  --profile   write V8 processor profiles of Drawbridge's core to this folder`;

/** @throws with the usage for what is not understood */
export function readOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean' },
      peers: { type: 'boolean' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) throw new Error(USAGE);
  const only = (values.only ?? SCENARIOS) as Scenario[];
  const unknown = only.find((name) => !SCENARIOS.includes(name));
  const quick = values.quick ?? false;
  const rounds = Number(values.rounds ?? (quick ? 3 : 7));
  if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) throw new Error(USAGE);
  return {
    only: new Set(only),
    rounds,
    quick,
    peers: values.peers ?? true,
    json: values.json,
    profile: values.profile,
  };
}
