/** Starting with the computer: what is said to people about it, in the window, on the command line and in `doctor`. */
export const startAtLogin = {
  name: 'start at login',
  none: 'This core cannot put it on or off. Use: drawbridge autostart on',
  foreign: (place: string): string => `${place} was not written by Drawbridge, so it was left as it is.`,
  foreignFix: 'Move it away, and try again.',
  outdated: (place: string): string =>
    `${place} is not as Drawbridge would write it today. drawbridge autostart on writes it again.`,
  on: (kind: 'app' | 'headless', place: string): string =>
    `on (${kind === 'app' ? 'the app, in the tray' : 'the gateway without windows'}): ${place}`,
  off: 'off: after a restart of the computer, clients reach their servers only once Drawbridge is started',
  fix: 'drawbridge autostart on',
  noUserManager: (why: string): string =>
    `systemd's user instance could not be asked to read it (${why}). It is read at the next login.`,
  atNextLogin: 'It takes effect at the next login.',
  startNow: (unit: string): string => `Start it now: systemctl --user start ${unit}`,
  linger: (user: string): string =>
    `It starts when you sign in. To start it with the computer, before that: loginctl enable-linger ${user}`,
  taskFailed: (what: string): string => `The Task Scheduler refused: ${what}`,
  taskFix: 'Check that you may create scheduled tasks (schtasks /create).',
  loginItem: 'the login items of the system',
  loginItemRefused: 'The system did not accept Drawbridge as a login item.',
  loginItemKept: 'The system still has Drawbridge among its login items.',
  loginItemFix: 'Look in the settings of the system, under login items.',
};
