import * as path from 'node:path';

/** One way of asking a shell. */
export interface Way {
  /** For people: as what the shell is started. */
  readonly name: 'interactive login shell' | 'login shell' | 'interactive shell';
  readonly args: readonly string[];
  /** What it reads from its standard input; without it that is closed, and a question of a start-up file has no answer. */
  readonly input?: string;
  /** Asked also where another way has answered: start-up files that only this kind of shell reads add to the answer. */
  readonly adds?: true;
}

/** Ends every answer. */
export const END = 'drawbridge-end';

/**
 * Writes the environment where nothing of the start-up files gets between. A program of its own, in words that every shell
 * reads alike: `env -0` where there is one, for values of several lines.
 */
const SAY = `/usr/bin/env -0 2>/dev/null || /usr/bin/env; echo ${END}`;
/** bash as an interactive login shell keeps file descriptor 3 from the programs it starts: so it becomes their output. */
const TELL = `/bin/sh -c '${SAY}' >&3`;
/** In the place of the shell: what it would do at its end (end its jobs, run traps) does not happen. */
const TELL_INSTEAD = `exec ${TELL}`;
/** Redirections are written in other ways elsewhere. */
const TELL_PLAIN = `/bin/sh -c 'exec >&3; ${SAY}'`;
/** Says first which program runs it: a start-up file may have put another shell in the place of this one. */
const TELL_WHO = `/bin/sh -c 'ps -o comm= -p $PPID; ${SAY}' >&3\nexit\n`;

const POSIX = /^(?:bash|zsh|sh|dash|ash|ksh|ksh93|mksh|yash)$/;
const NONE = /^(?:false|true|nologin|git-shell)$/;

export function nameOf(shell: string): string {
  return path.posix.basename(shell);
}

/** Whether it is the shell of an account that has none. */
export function isNoShell(shell: string): boolean {
  return NONE.test(nameOf(shell));
}

/** How a shell is asked, in this order. */
export function waysOf(shell: string): readonly Way[] {
  const name = nameOf(shell);
  // fish refuses to be replaced while it has jobs, and leaves them alone at the end of a command.
  const command = POSIX.test(name) ? TELL_INSTEAD : name === 'fish' ? TELL : TELL_PLAIN;
  const both: Way = { name: 'interactive login shell', args: ['-l', '-i', '-c', command] };
  const interactive: Way = { name: 'interactive shell', args: ['-i', '-c', command] };
  const login: Way = { name: 'login shell', args: ['-l', '-c', command] };
  if (!POSIX.test(name) && name !== 'fish') return [both, login, interactive];
  // A start-up file that ends in `exec fish` throws the command away, but leaves the input to the new shell.
  const fed: Way[] = [
    { name: 'interactive shell', args: ['-i'], input: TELL_WHO },
    { name: 'login shell', args: ['-l'], input: TELL_WHO },
  ];
  // All but these two read one file as a login shell and another as an interactive one.
  return name === 'zsh' || name === 'fish'
    ? [both, ...fed, login, interactive]
    : [both, { ...interactive, adds: true }, ...fed, login];
}

/**
 * The program and its arguments for a way. What goes to standard input comes from a here document, which is a pipe, and not
 * from us, which would be a socket: fish does not read from one.
 */
export function commandOf(shell: string, { args, input }: Way): [program: string, args: readonly string[]] {
  if (input === undefined) return [shell, args];
  return ['/bin/sh', ['-c', `exec "$@" <<'${END}'\n${input}\n${END}\n`, 'sh', shell, ...args]];
}

/** How a shell is asked that a start-up file of another put in its place. */
export function wayInstead(shell: string): Way {
  return { ...(waysOf(shell).at(0) as Way), adds: true };
}

/** Start-up files of the usual shells, and folders of them; `~` is the home folder. */
export function startFiles(home: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const config = env.XDG_CONFIG_HOME || `${home}/.config`;
  const zsh = env.ZDOTDIR || home;
  return [
    ...['.profile', '.bash_profile', '.bash_login', '.bashrc', '.zshenv', '.kshrc', '.tcshrc', '.cshrc'].map(
      (name) => `${home}/${name}`,
    ),
    ...['.zshenv', '.zprofile', '.zshrc', '.zlogin'].map((name) => `${zsh}/${name}`),
    ...['fish/config.fish', 'fish/conf.d', 'fish/fish_variables', 'nushell/env.nu', 'nushell/config.nu'].map(
      (name) => `${config}/${name}`,
    ),
    ...[
      'environment',
      'profile',
      'profile.d',
      'bash.bashrc',
      'bashrc',
      'zshenv',
      'zprofile',
      'zshrc',
      'paths.d',
    ].map((name) => `/etc/${name}`),
    ...['zshenv', 'zprofile', 'zshrc'].map((name) => `/etc/zsh/${name}`),
    ...(env.ENV?.startsWith('/') ? [env.ENV] : []),
  ];
}
