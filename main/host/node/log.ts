import type { Log, LogLevel } from '../../core/ports.ts';

const ORDER: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * Lines on stderr, from `level` up. Details are shown as one line of JSON; errors with their stack, or with `stacks: false` with
 * their message only, for commands that a person types.
 */
export function stderrLog(level: LogLevel, { stacks = true } = {}): Log {
  const from = ORDER.indexOf(level);
  return (at, message, detail) => {
    if (ORDER.indexOf(at) < from) return;
    const tail = detail === undefined ? '' : ` ${detailText(detail, stacks)}`;
    process.stderr.write(`${new Date().toISOString()} ${at} ${message}${tail}\n`);
  };
}

function detailText(detail: unknown, stacks: boolean): string {
  if (detail instanceof Error) return (stacks && detail.stack) || detail.message;
  return JSON.stringify(detail) ?? String(detail);
}
