const seconds = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const whole = Math.round(ms / 1000);
  return whole === 1 ? '1 second' : `${whole} seconds`;
};
const START_FILES: readonly (readonly [RegExp, string])[] = [
  [/zsh$/, '~/.zshrc'],
  [/bash$/, '~/.bashrc or ~/.bash_profile'],
  [/fish$/, '~/.config/fish/config.fish'],
];
const startFiles = (shell: string): string =>
  START_FILES.find(([name]) => name.test(shell))?.[1] ?? '~/.profile';

/** What is said about asking the login shell for PATH and other variables. */
export const loginShell = {
  check: 'login shell',
  windows: 'Windows programs get the same variables however they are started.',
  notAsked: (shell: string): string => `The login shell ${shell} was not asked so far.`,
  asking: (shell: string): string => `The login shell ${shell} is being asked for its variables.`,
  answered: (shell: string, ms: number): string => `${shell} gave its variables in ${seconds(ms)}.`,
  late: (shell: string, ms: number): string =>
    `The login shell ${shell} has not told its PATH and variables within ${seconds(ms)}; it is still being asked.`,
  lateFix: 'Try again in a minute, or make its start-up files faster.',
  failed: (shell: string, causes: readonly string[]): string =>
    `The login shell ${shell} did not tell its PATH and variables: ${causes.join('; ')}. Those that Drawbridge was started with are used.`,
  cause: (way: string, why: string): string => `as ${way} ${why}`,
  noShell: (shell: string): string =>
    `The login shell of this account, ${shell}, is none that could be asked for PATH and variables. Those that Drawbridge was started with are used.`,
  fix: (shell: string): string =>
    `Look at what its start-up files (such as ${startFiles(shell)}) do without a terminal, then run: drawbridge doctor. Or start Drawbridge from a terminal, which hands its variables on.`,
  noAnswer: 'gave no answer',
  tooMuch: 'wrote too much',
  stopped: 'was ended with Drawbridge',
  tooLate: (ms: number): string => `did not answer within ${seconds(ms)}`,
  notStarted: (why: string): string => `could not be started (${why.replace(/\.$/, '')})`,
  ended: (code: number | null, signal: string | null): string =>
    code === null ? `was ended by ${signal} without an answer` : `ended with ${code} without an answer`,
  /** Where a variable goes that an entry names. */
  unsetVariable: (
    name: string,
    { windows, shell, problem }: { windows: boolean; shell: string | undefined; problem: string | null },
  ): string => {
    if (windows)
      return `The environment variable ${name} is not set. Set it for your account (Windows settings, environment variables), and start Drawbridge again.`;
    if (problem !== null)
      return `The environment variable ${name} is not set where Drawbridge runs. ${problem}`;
    if (shell === undefined)
      return `The environment variable ${name} is not set where Drawbridge runs. Export it in a start-up file of your login shell.`;
    return `The environment variable ${name} is set neither where Drawbridge runs nor in your login shell (${shell}). Export it where the client gets it from, or in a start-up file of that shell such as ${startFiles(shell)}: Drawbridge finds it there without a restart.`;
  },
};
