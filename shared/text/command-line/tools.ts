import type { SimpleLimit } from '../../schemas/server.ts';

/** `tools`, and the review of changed definitions. Names of tools come in as a terminal may show them. */
export const tools = {
  help: {
    usage: 'tools SERVER [--review TOOL | --accept TOOL --hash HASH | --release]',
    summary: 'Start the server and list its tools with class and rule; review what changed in one.',
  },
  none: 'The server lists no tools.',
  blocked: 'blocked',
  waits: 'Waits for your review.',
  limit: ({ max, window }: SimpleLimit): string => `${max} a ${window}`,
  isBlocked: (tool: string): string => `${tool} is blocked:`,
  reason: (text: string): string => `  ${text}`,
  lookAt: (server: string, tool: string): string =>
    `  Look at it: drawbridge tools ${server} --review ${tool}`,
  released: (server: string): string => `Released ${server}. Tools blocked for themselves stay so.`,
  accepted: (tool: string, server: string): string => `Accepted ${tool} of ${server} as it is now.`,
  review: {
    title: (tool: string, server: string, { state, since, versions }: Standing): string =>
      `${tool} of ${server}: ${state} since ${since}, ${versions} definitions seen.`,
    unchanged: 'Nothing changed since it was looked at.',
    changes: 'What changed, [-gone-] and {+new+}:',
    field: (path: string, text: string): string => `  ${path}: ${text}`,
    gone: (text: string): string => `[-${text}-]`,
    added: (text: string): string => `{+${text}+}`,
    accept: (server: string, tool: string, hash: string): string =>
      `To accept it as it is now: drawbridge tools ${server} --accept ${tool} --hash ${hash}`,
  },
};

/** Where a definition stands: its state, the time it has it since, and how many versions were seen. */
export interface Standing {
  readonly state: string;
  readonly since: string;
  readonly versions: number;
}
