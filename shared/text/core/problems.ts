/** What is wrong now, as the overview and the tray show it: a title, where it helps a detail, and what to do. */
export const problems = {
  settings: { title: 'The settings file is not in use' },
  policy: {
    title: (server: string): string =>
      `The policy of ${server} does not parse; the last good one stays in force`,
    fix: 'Correct the file; it is read again at once.',
  },
  /** Tools whose definition changed. */
  pins: {
    changed: (server: string, blocked: number): string =>
      `${toolCount(blocked)} of ${server} changed and ${blocked === 1 ? 'waits' : 'wait'} for your review`,
    switches: (server: string, blocked: number): string =>
      `${server} switches the definitions of its tools; ${toolCount(blocked)} blocked`,
    detail: 'Agents do not see these tools and cannot call them before you accept what they say now.',
    fix: (server: string): string =>
      `Open Servers, ${server}, and review them; or run drawbridge tools ${server}.`,
  },
  server: {
    signIn: (server: string): string => `${server} wants you to sign in`,
    signInFix: (server: string): string => `Open Servers, ${server}, and press Sign in.`,
    down: (server: string): string => `${server} does not run`,
  },
  client: { file: (client: string, path: string): string => `${client}: ${path}` },
};

function toolCount(n: number): string {
  return n === 1 ? '1 tool' : `${n} tools`;
}
