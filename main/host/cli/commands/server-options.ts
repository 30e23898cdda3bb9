import { type CommandContext, UsageError } from '../command.ts';

/** The headers named with `--header NAME:VALUE`. */
export function headersOf(context: CommandContext): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const header of (context.options.header as string[] | undefined) ?? []) {
    const colon = header.indexOf(':');
    // What was given is not shown: it may be a token.
    if (header.slice(0, Math.max(colon, 0)).trim() === '')
      throw new UsageError('--header takes NAME:VALUE, and one that was given has no name before a colon');
    headers[header.slice(0, colon).trim()] = header.slice(colon + 1).trim();
  }
  return headers;
}
