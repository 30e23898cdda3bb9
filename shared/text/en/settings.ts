import type { SettingView } from '../../schemas/setting.ts';

export const settings = {
  title: 'Settings',
  appearance: 'Appearance',
  theme: 'Theme',
  mode: 'Mode for everything',
  modeHint: 'A server may have a mode of its own.',
  startAtLogin: {
    title: 'Start',
    label: 'Start at login',
    hint: 'Without it, clients reach their servers after a restart of the computer only once you start Drawbridge.',
    on: 'Drawbridge starts at login.',
    off: 'Drawbridge does not start at login.',
    choices: { on: 'On', off: 'Off' },
    first: 'Start Drawbridge at login',
    firstDetail:
      'Your clients reach their servers through Drawbridge, so it has to run when they do. You can change this in Settings.',
  },
  form: {
    title: 'Gateway and record',
    save: 'Save',
    reset: 'Use the default',
    saved: (label: string): string => `Saved: ${label}.`,
    savedForNextStart: (label: string): string => `Saved: ${label}. In force at the next start.`,
    hint: ({ about, min, max, unit, none, when }: SettingView): string =>
      [
        about,
        min === null || max === null
          ? ''
          : `${min} to ${max}${unit === null ? '' : ` ${unit}`}${none === null ? '' : `, or ${none}`}.`,
        when === 'next-start' ? 'In force at the next start.' : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
  },
  port: {
    choose: 'Choose another',
    title: (from: number | null, to: number): string => `Move the gateway from port ${from ?? '-'} to ${to}`,
    lead: 'Clients that call the address get new tokens, and their entries are rewritten. Undo still gives back what was there before Drawbridge.',
    nothing: 'No client has an entry that names the port.',
    move: 'Move',
    moved: (to: number, clients: number, byHand: readonly string[]): string =>
      [
        `The gateway is on port ${to} now.`,
        clients > 0 ? `Restart the clients that run (${clients}).` : '',
        byHand.length > 0 ? `Set up again by hand: ${byHand.join(', ')}.` : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
  },
  about: 'About',
  fields: {
    version: 'Version',
    gateway: 'Gateway',
    dataDir: 'Data folder',
    secretStore: 'Secrets',
    host: 'Runs in',
    pid: 'Process',
    started: 'Started',
  },
  secretStore: {
    os: 'In the key store of the system',
    file: 'In a file only you can read: no key store was found on this system',
  },
  host: {
    electron: 'The Drawbridge app',
    headless: 'A headless core (drawbridge serve)',
    command: 'A command',
  },
  noGateway: 'Not listening',
  doctor: 'Diagnostics',
  doctorRun: 'Run again',
  doctorOk: 'OK',
  doctorBad: 'Problem',
  copyReport: 'Copy report',
  copied: 'The report is in the clipboard.',
  /** One check of the copied report; the two words are equally long, so that the names stand below each other. */
  reportLine: (ok: boolean, name: string, detail: string, fix: string | null): string =>
    `${ok ? 'ok  ' : 'FAIL'} ${name}: ${detail}${fix ? `\n     ${fix}` : ''}`,
  audit: 'Audit',
  auditLead: 'Every call is written before it is forwarded, each record bound to the one before.',
  verify: 'Verify the audit',
  verifying: 'Verifying',
  keys: 'Keys',
  keyList: {
    palette: 'Command palette',
    approvals: 'Show waiting calls',
    allow: 'Allow the shown call',
    deny: 'Deny the shown call',
    later: 'Decide later',
    filter: 'Filter the list',
  },
};
