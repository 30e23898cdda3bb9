import { parseArgs } from 'node:util';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { commandLine } from '../../../shared/text/command-line.ts';
import { resolveDataDir } from '../data-folder/data-dir.ts';
import { VERSION } from '../node/version.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { openCore } from './open-core.ts';

const t = commandLine.common;

const GLOBAL = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs one command line; gives the exit code: 0 ok, 1 refused or failed, 2 usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const split = argv.indexOf('--');
  const own = split === -1 ? argv : argv.slice(0, split);
  const rest = split === -1 ? [] : argv.slice(split + 1);
  if (own.length === 1 && (own[0] === '--version' || own[0] === '-v')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const found = findCommand(own);
  if (!found) {
    if (own.length === 0 || own.includes('--help') || own.includes('-h') || own[0] === 'help') {
      process.stdout.write(help());
      return own.length === 0 ? 2 : 0;
    }
    process.stderr.write(
      `${t.error(t.noCommand(own.filter((word) => !word.startsWith('-')).join(' ')))}\n\n${help()}`,
    );
    return 2;
  }
  const { name, command } = found;
  const json = own.includes('--json');
  try {
    return await run(name, command, own, rest);
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      process.stderr.write(`${t.error(messageOf(error))}\n${t.usage(command.usage)}\n`);
      return 2;
    }
    reportFailure(error, json);
    return 1;
  }
}

async function run(
  name: string,
  command: Command,
  own: readonly string[],
  rest: readonly string[],
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: own.slice(),
    options: { ...GLOBAL, ...command.options },
    allowPositionals: true,
    strict: true,
  });
  if (values.help) {
    process.stdout.write(`${t.usage(command.usage)}\n${command.summary}\n`);
    return 0;
  }
  const words = positionals.slice(name.split(' ').length);
  const [least, most] = command.words;
  if (words.length < least || words.length > most)
    throw new UsageError(words.length < least ? t.missing : t.tooMuch(words[most] ?? ''));
  const dataDir = resolveDataDir(typeof values.data === 'string' ? values.data : undefined);
  const json = values.json === true;
  const opened = openCore(dataDir, own.includes('--dry-run') || command.looksOnly === true);
  const context: CommandContext = {
    dataDir,
    json,
    words,
    rest,
    options: values as CommandContext['options'],
    core: opened.client,
    isRunning: opened.isRunning,
    print(value, text) {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text().replace(/\n$/, '')}\n`);
    },
  };
  try {
    return await command.run(context);
  } finally {
    await opened.close();
  }
}

/** The longest run of leading words that names a command (`policy set`, then `policy`). Options may stand anywhere. */
function findCommand(own: readonly string[]): { name: string; command: Command } | undefined {
  const words = plainWords(own);
  for (const name of [words.slice(0, 2).join(' '), words[0] ?? '']) {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return { name, command };
  }
  return undefined;
}
function plainWords(own: readonly string[]): string[] {
  const words: string[] = [];
  for (let i = 0; i < own.length; i++) {
    const word = own[i] as string;
    if (word === '--data') i++;
    else if (!word.startsWith('-')) words.push(word);
  }
  return words;
}

function isParseError(error: unknown): boolean {
  return (
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
  );
}

function reportFailure(error: unknown, json: boolean): void {
  const message = messageOf(error);
  const fix = error instanceof RpcError ? error.fix : undefined;
  const code = error instanceof RpcError ? error.code : 'internal';
  if (json)
    process.stdout.write(`${JSON.stringify({ error: { code, message, ...(fix ? { fix } : {}) } })}\n`);
  process.stderr.write(`${t.error(message)}\n${fix ? `${fix}\n` : ''}`);
}

function help(): string {
  const width = Math.max(...Object.values(commands).map((command) => command.usage.length));
  const lines = Object.values(commands).map(
    (command) => `  ${command.usage.padEnd(width)}  ${command.summary}`,
  );
  return [t.title, '', ...lines, '', t.everywhere, t.exitCodes, ''].join('\n');
}
