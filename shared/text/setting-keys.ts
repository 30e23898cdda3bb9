/** What each setting is, for the list, the form and the generated page. */
export const settingKeys = {
  gatewayPort: {
    label: 'Port of the gateway',
    about:
      'Clients reach their servers at this port of 127.0.0.1, chosen at the first start (7717 where that is free). Changing it gives the clients new tokens and rewrites their entries.',
    unit: null,
    elsewhere: null,
  },
  uiPort: {
    label: 'Port of the interface',
    about:
      'The interface in a browser and the command line are served at this port of 127.0.0.1. Open pages go on; new ones use the new port.',
    unit: null,
    elsewhere: null,
  },
  maxMessageBytes: {
    label: 'Largest message',
    about: 'A larger message of a client or a server is refused, and not forwarded.',
    unit: 'bytes',
    elsewhere: null,
  },
  allowedOrigins: {
    label: 'Origins that may call',
    about: 'Pages in a browser may call the gateway only from these origins, with a token of a client.',
    unit: null,
    elsewhere: null,
  },
  extraCaFile: {
    label: 'More certificate authorities',
    about:
      'A file in PEM form whose certificate authorities are trusted for connections to servers, besides those of the operating system. Servers that Drawbridge starts get it as NODE_EXTRA_CA_CERTS.',
    unit: null,
    elsewhere: null,
  },
  loopGuard: {
    label: 'Loop guard',
    about:
      'The same tool called with the same arguments more often than this in a minute asks; twice as often is denied.',
    unit: 'calls a minute',
    elsewhere: null,
  },
  'retention.days': {
    label: 'Keep the record for',
    about: 'Recorded calls that are older are removed.',
    unit: 'days',
    elsewhere: null,
  },
  'retention.megabytes': {
    label: 'Size of the record',
    about: 'The oldest recorded calls beyond this size are removed.',
    unit: 'megabytes',
    elsewhere: null,
  },
  mode: {
    label: 'Mode for everything',
    about:
      'Whether policies are enforced, only observed, every call is refused, or every call is let through.',
    unit: null,
    elsewhere: 'drawbridge mode',
  },
  servers: {
    label: 'Servers',
    about: 'The servers behind the gateway, each with how it is reached and a mode of its own.',
    unit: null,
    elsewhere: 'drawbridge servers',
  },
  pausedClients: {
    label: 'Paused clients',
    about: 'Clients whose calls are all denied now.',
    unit: null,
    elsewhere: 'drawbridge pause',
  },
  leftAlone: {
    label: 'Entries left alone',
    about: 'Entries of clients that a person decided not to route.',
    unit: null,
    elsewhere: 'the window, page Clients',
  },
} as const;

export type SettingKey = keyof typeof settingKeys;

/** Refusals of `settings set`. */
export const settingFaults = {
  unknown: (key: string): string => `There is no setting ${key}.`,
  known: (keys: readonly string[]): string => `Settings: ${keys.join(', ')}`,
  elsewhere: (key: string): string => `${key} is not set here.`,
  use: (what: string): string => `Use: ${what}`,
  number: (key: string, min: number, max: number, none: string | null): string =>
    `${key} takes a whole number from ${min} to ${max}${none === null ? '' : `, or ${none}`}.`,
  file: (key: string, none: string): string => `${key} takes the whole path of a file, or ${none}.`,
  origin: (origin: string): string =>
    `${origin} is not an origin. An origin is scheme, host and port, without a path: https://example.com`,
};

/** The words of the page that is made from the schema, docs/settings.md. */
export const settingsPage = {
  made: '<!-- Made from the schema by: node scripts/settings-page.ts -->',
  title: '# Settings',
  lead: [
    'Settings are in `settings.json` in the data folder. Change them in the window (Settings), on the command line',
    '(`drawbridge settings list`, `settings get KEY`, `settings set KEY VALUE`), or in the file: while Drawbridge runs, an edit is in',
    'force within two seconds, or it is refused with line and column of the fault, and the settings that were good last stay in',
    'force. The file is looked at before each write: nothing edited by hand is overwritten. A broken file is moved aside, to',
    '`settings.broken-TIME.json`, when something has to be saved, or at the next start.',
  ],
  headings: ['Setting', 'What it does', 'Values', 'Default', 'In force'],
  range: (min: number, max: number, unit: string | null): string =>
    `${min} to ${max}${unit === null ? '' : ` ${unit}`}`,
  orNone: (none: string): string => `, or \`${none}\``,
  list: 'origins, with commas between',
  file: 'the path of a file',
  when: { 'at-once': 'at once', 'next-start': 'at the next start' },
  elsewhere: '## Set with other commands',
  elsewhereHeadings: ['Setting', 'What it is', 'Where'],
};
