import type { StartAtLogin } from '../../schemas/start-at-login.ts';

/** `autostart`. */
export const autostart = {
  help: {
    usage: 'autostart on|off|status',
    summary: 'Start Drawbridge when you sign in to this computer, or not.',
  },
  words: (word: string): string => `autostart takes on, off or status, not ${word}`,
  is: ({ on, kind, place }: StartAtLogin): string => {
    if (!on) return 'Drawbridge does not start at login.';
    return `Drawbridge starts at login: ${kind === 'app' ? 'the app, in the tray' : 'the gateway without windows'} (${place}).`;
  },
  takenAway: 'Drawbridge does not start at login any more.',
};
