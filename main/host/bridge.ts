import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CoreFinder } from './bridge/find-core.ts';
import { Output, standardOutput } from './bridge/output.ts';
import { Relay } from './bridge/relay.ts';
import { bridgeToken } from './bridge/token.ts';
import { resolveDataDir } from './data-folder/data-dir.ts';
import { CORE_NODE_FLAGS } from './node/core-flags.ts';

/**
 * The stdio bridge: what a client starts that cannot reach a URL. It relays the client's pipe to the gateway and starts
 * Drawbridge when it does not run. It is started for every session, so nothing heavy is imported here.
 */
export interface BridgeArgs {
  /** Undefined: all servers of the client, joined in one. */
  readonly server: string | undefined;
  readonly dataDir: string;
  /** The client's token (DRAWBRIDGE_TOKEN). Without it the one that the data folder holds for DRAWBRIDGE_CLIENT. */
  readonly token: string | undefined;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Program and arguments of the command line of Drawbridge; by default the one beside this file. */
  readonly coreCommand?: readonly string[];
  /** Times in milliseconds; see {@link DEFAULTS}. */
  readonly times?: Partial<typeof DEFAULTS>;
}

const DEFAULTS = {
  /** How long a core may take to be ready. */
  startMs: 15_000,
  /** How long a core that was there may take to come back before one is started. */
  patienceMs: 3000,
  /** How long calls may still run after the client closed its end. */
  graceMs: 1000,
};
const MAX_MESSAGE = 64 * 1024 * 1024;

/** Relays until the client closes its end. Resolves with the exit code of the process. */
export async function runBridge(args: BridgeArgs): Promise<number> {
  const times = { ...DEFAULTS, ...args.times };
  const note = (text: string): void => void args.stderr.write(`drawbridge: ${text}\n`);
  // A client that closes our standard error does not want the notes.
  args.stderr.on('error', () => {});
  const stop = (): void => void relay.stop(times.graceMs);
  const relay: Relay = new Relay({
    server: args.server,
    token: args.token || (bridgeToken(args.env, args.dataDir, note) ?? ''),
    stdin: args.stdin,
    output: new Output(args.stdout, stop),
    finder: new CoreFinder({
      dataDir: args.dataDir,
      env: args.env,
      coreCommand: args.coreCommand ?? [process.execPath, ...CORE_NODE_FLAGS, commandLine()],
      startMs: times.startMs,
      note,
    }),
    note,
    maxBytes: MAX_MESSAGE,
    patienceMs: times.patienceMs,
    graceMs: times.graceMs,
  });
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    await relay.run();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
  return 0;
}

/** The command line program beside this one. A bundler may have put this file into a folder of chunks. */
function commandLine(): string {
  const here = fileURLToPath(import.meta.url);
  const name = `cli${extname(here)}`;
  const beside = join(dirname(here), name);
  return existsSync(beside) ? beside : join(dirname(here), '..', name);
}

/** `bridge.js SERVER|--all [--data DIR]` */
async function main(argv: readonly string[]): Promise<number> {
  const at = argv.indexOf('--data');
  const told = at === -1 ? undefined : argv[at + 1];
  const words = argv.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
  const [server] = words;
  if (
    server === undefined ||
    words.length !== 1 ||
    (server !== '--all' && server.startsWith('-')) ||
    (at !== -1 && told === undefined)
  ) {
    process.stderr.write(
      'usage: drawbridge bridge SERVER|--all [--data DIR]   (token in DRAWBRIDGE_TOKEN)\n',
    );
    return 2;
  }
  return runBridge({
    server: server === '--all' ? undefined : server,
    dataDir: resolveDataDir(told),
    token: process.env.DRAWBRIDGE_TOKEN,
    stdin: process.stdin,
    stdout: standardOutput(),
    stderr: process.stderr,
    env: process.env,
  });
}

// Bundled, this code may lie in a chunk: the program's name, not this file's, says whether it was started by itself.
if (/^bridge(\.[cm]?[jt]s)?$/.test(basename(process.argv[1] ?? ''))) {
  // A stack trace does not help a person; the client shows this line.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`drawbridge: the bridge failed: ${error.message}\n`);
    process.exit(1);
  });
  process.exit(await main(process.argv.slice(2)));
}
