import { parseArgs } from 'node:util';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { commandLine } from '../../../shared/text/command-line.ts';
import { systemReason } from '../../core/base/system-reason.ts';
import { resolveDataDir } from '../data-folder/data-dir.ts';
import { VERSION } from '../node/version.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { openCore } from './open-core.ts';
import { CommandOutput } from './output.ts';

const t = commandLine.common;

const GLOBAL = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Runs one command line, and resolves when what it said has been read: gives the exit code, 0 ok, 1 refused or failed
 * (its output could not be written, too), 2 usage. A reader that goes away early (`| head`) is no failure.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new CommandOutput(() => process.stdout, process.stderr);
  const code = await answer(argv, output);
  const fault = await output.end();
  if (fault) output.tell(`${t.error(t.notWritten(systemReason(fault)))}\n`);
  await output.told();
  return fault && code === 0 ? 1 : code;
}

async function answer(argv: readonly string[], output: CommandOutput): Promise<number> {
  const split = argv.indexOf('--');
  const own = split === -1 ? argv : argv.slice(0, split);
  const rest = split === -1 ? [] : argv.slice(split + 1);
  if (own.length === 1 && (own[0] === '--version' || own[0] === '-v')) {
    void output.write(`${VERSION}\n`);
    return 0;
  }
  const json = own.includes('--json');
  const found = findCommand(own);
  if (!found) {
    if (own.length === 0 || own.includes('--help') || own.includes('-h') || own[0] === 'help') {
      void output.write(help());
      return own.length === 0 ? 2 : 0;
    }
    const message = t.noCommand(own.filter((word) => !word.startsWith('-')).join(' '));
    if (json) void output.write(asJson('usage', message));
    output.tell(`${t.error(message)}\n\n${help()}`);
    return 2;
  }
  const { name, command } = found;
  try {
    return await run({ name, command, own, rest, output });
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      const message = messageOf(error);
      const fix = t.usage(command.usage);
      if (json) void output.write(asJson('usage', message, fix));
      output.tell(`${t.error(message)}\n${fix}\n`);
      return 2;
    }
    reportFailure(error, json, output);
    return 1;
  }
}

interface Line {
  readonly name: string;
  readonly command: Command;
  readonly own: readonly string[];
  readonly rest: readonly string[];
  readonly output: CommandOutput;
}

async function run({ name, command, own, rest, output }: Line): Promise<number> {
  const { values, positionals } = parseArgs({
    args: own.slice(),
    options: { ...GLOBAL, ...command.options },
    allowPositionals: true,
    strict: true,
  });
  if (values.help) {
    void output.write(`${t.usage(command.usage)}\n${command.summary}\n`);
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
      void output.write(json ? `${JSON.stringify(value)}\n` : `${text().replace(/\n$/, '')}\n`);
    },
    output,
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

function reportFailure(error: unknown, json: boolean, output: CommandOutput): void {
  const message = messageOf(error);
  const fix = error instanceof RpcError ? error.fix : undefined;
  const code = error instanceof RpcError ? error.code : 'internal';
  if (json) void output.write(asJson(code, message, fix));
  output.tell(`${t.error(message)}\n${fix ? `${fix}\n` : ''}`);
}

function asJson(code: string, message: string, fix?: string): string {
  return `${JSON.stringify({ error: { code, message, ...(fix ? { fix } : {}) } })}\n`;
}

function help(): string {
  const width = Math.max(...Object.values(commands).map((command) => command.usage.length));
  const lines = Object.values(commands).map(
    (command) => `  ${command.usage.padEnd(width)}  ${command.summary}`,
  );
  return [t.title, '', ...lines, '', t.everywhere, t.exitCodes, ''].join('\n');
}
