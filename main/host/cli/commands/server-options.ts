import { type CommandContext, UsageError } from '../command.ts';

/** The headers named with `--header NAME:VALUE`. */
export function headersOf(context: CommandContext): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const header of (context.options.header as string[] | undefined) ?? []) {
    const colon = header.indexOf(':');
    if (colon < 1) throw new UsageError(`--header takes NAME:VALUE, not ${header.slice(0, 20)}`);
    headers[header.slice(0, colon).trim()] = header.slice(colon + 1).trim();
  }
  return headers;
}
