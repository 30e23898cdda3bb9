import type { Log, LogLevel } from '../../core/ports.ts';

const ORDER: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Lines on stderr, from `level` up. Details are shown as one line of JSON; errors with their stack. */
export function stderrLog(level: LogLevel): Log {
  const from = ORDER.indexOf(level);
  return (at, message, detail) => {
    if (ORDER.indexOf(at) < from) return;
    const tail = detail === undefined ? '' : ` ${detailText(detail)}`;
    process.stderr.write(`${new Date().toISOString()} ${at} ${message}${tail}\n`);
  };
}

function detailText(detail: unknown): string {
  if (detail instanceof Error) return detail.stack ?? detail.message;
  return JSON.stringify(detail) ?? String(detail);
}
