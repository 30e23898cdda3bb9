import type { ParseArgsConfig } from 'node:util';
import type { Contract } from '../../../shared/contract.ts';
import type { RpcClient } from '../../../shared/rpc/client.ts';
import type { CommandHelp } from '../../../shared/text/command-line/common.ts';
import type { CommandOutput } from './output.ts';

/** What every command gets. */
export interface CommandContext {
  readonly dataDir: string;
  readonly json: boolean;
  /** Positional words after the command's own name. */
  readonly words: readonly string[];
  /** Words after `--`. */
  readonly rest: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** The running core, or one made for this command alone on the data folder. */
  core(): Promise<RpcClient<Contract>>;
  /** Whether a core runs in another process. */
  isRunning(): boolean;
  /** With `--json` the value on one line, else the text. */
  print(value: unknown, text: () => string): void;
  /** Where everything else goes that it says. */
  readonly output: CommandOutput;
}

export interface Command extends CommandHelp {
  /** How many words it takes: [least, most]. */
  readonly words: readonly [number, number];
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** It changes nothing: where there is no data folder, none is made. */
  readonly looksOnly?: boolean;
  /** Gives the exit code: 0 ok, 1 refused or failed. */
  run(context: CommandContext): Promise<number>;
}

/** Wrong words or options: exit 2 with the usage. */
export class UsageError extends Error {}

export function stringOption(context: CommandContext, name: string): string | undefined {
  const value = context.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number within bounds, or a usage error that names the option. */
export function numberOption(
  context: CommandContext,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = stringOption(context, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not ${text}`);
  return value;
}
