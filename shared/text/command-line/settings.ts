/** `settings`, `port`. */
export const settings = {
  list: {
    help: { usage: 'settings list', summary: 'Every setting with its value and what it does.' },
    line: (value: string, isDefault: boolean): string => (isDefault ? `${value} (default)` : value),
    empty: 'none',
    elsewhere: (what: string): string => `set with: ${what}`,
  },
  get: { help: { usage: 'settings get KEY', summary: 'The value of one setting.' } },
  set: {
    help: {
      usage: 'settings set KEY VALUE',
      summary: 'Change one setting: a number, a list with commas, or the word for none.',
    },
    done: (key: string, value: string, atOnce: boolean): string =>
      `${key} is ${value === '' ? 'empty' : value} now${atOnce ? '' : ', in force at the next start'}.`,
  },
  unknown: (key: string): string => `There is no setting ${key}.`,
  known: (keys: readonly string[]): string => `Settings: ${keys.join(', ')}`,
  port: {
    help: {
      usage: 'port [NUMBER|new] [--dry-run]',
      summary: 'Show the port of the gateway, or move it: clients get new tokens, and their entries follow.',
    },
    is: (port: number | null): string => (port === null ? 'No port is chosen yet.' : String(port)),
    bad: (word: string): string => `port takes a number from 1 to 65535, or new, not ${word}`,
    wouldMove: (from: number | null, to: number): string => `From port ${from ?? '-'} to port ${to}:`,
    moved: (from: number | null, to: number): string =>
      from === to
        ? `The gateway is on port ${to} already.`
        : `The gateway moved from port ${from ?? '-'} to port ${to}.`,
    nothing: 'No client has an entry that names the port.',
    byHand: (names: readonly string[]): string =>
      `Set up again by hand, with the new address and token (drawbridge token CLIENT): ${names.join(', ')}`,
  },
};
