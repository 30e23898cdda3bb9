/** How a command is called, and what it does: as `--help` shows it. */
export interface CommandHelp {
  /** Words and options after `drawbridge`. */
  readonly usage: string;
  readonly summary: string;
}

/** What every command may say. */
export const common = {
  title: 'drawbridge: a local gateway between AI clients and their MCP servers',
  everywhere: 'Everywhere: --data DIR (or DRAWBRIDGE_DATA), --json, --help',
  exitCodes: 'Exit codes: 0 ok, 1 refused or failed, 2 usage',
  usage: (usage: string): string => `usage: drawbridge ${usage}`,
  error: (message: string): string => `drawbridge: ${message}`,
  noCommand: (words: string): string => `no such command: ${words}`,
  notWritten: (why: string): string => `The output could not be written. ${why}`,
  missing: 'something is missing',
  tooMuch: (word: string): string => `what is "${word}"?`,
  start: 'Start Drawbridge, or run: drawbridge serve',
  noClient: (id: string): string => `No client is called ${id}.`,
  knownClients: (ids: readonly string[]): string => `Known clients: ${ids.join(', ')}`,
  connectionLost: 'The connection to Drawbridge was lost.',
  dataHeld: (dataDir: string): string => `Another process holds ${dataDir} and does not answer.`,
  endHolder: 'End it, or use another --data folder.',
};
