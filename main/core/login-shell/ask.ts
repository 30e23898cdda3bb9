import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { loginShell as t } from '../../../shared/text/core/login-shell.ts';
import { systemReason } from '../base/system-reason.ts';
import type { ShellPorts } from './types.ts';
import { commandOf, END, type Way } from './ways.ts';

const MAX_OUTPUT = 4 * 1024 * 1024;
/** How long what a shell wrote before it ended may be on its way, ms. */
const DRAIN_MS = 250;
/** Set for the shell alone: extensions of start-up files would otherwise start a terminal in it, or ask a question. */
const QUIET: Readonly<Record<string, string>> = {
  DISABLE_AUTO_UPDATE: 'true',
  ZSH_TMUX_AUTOSTART: 'false',
  ZSH_TMUX_AUTOSTARTED: 'true',
};
/** Of the process, not of the person. */
const OWN = /^(?:_|PWD|OLDPWD|SHLVL|TERM|DRAWBRIDGE_\w*|NODE_OPTIONS|ELECTRON_RUN_AS_NODE|LD_PRELOAD)$/;

export interface Answer {
  readonly variables: ReadonlyMap<string, string>;
  /** The name of the program that gave the answer, where it was asked for that. */
  readonly program: string | undefined;
}

export interface AskOptions {
  readonly limitMs: number;
  readonly ports: Pick<ShellPorts, 'clock' | 'machine'>;
  /** What another way has answered: it starts with these variables, as a terminal does in a session. */
  readonly known: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/**
 * Starts a shell in one way and reads its environment. Whatever happens, only the shell itself is ended: what its start-up
 * files leave running in the background is the person's.
 * @throws Error whose message is a clause for people
 */
export function askShell(shell: string, way: Way, options: AskOptions): Promise<Answer> {
  const { limitMs, known, signal } = options;
  const { clock, machine } = options.ports;
  return new Promise((done, fail) => {
    // `detached` gives it a session of its own: an interactive shell would otherwise take our terminal. Its output is
    // thrown away and not read, so that nothing left in the background fails to write later.
    const [program, args] = commandOf(shell, way);
    const child = spawn(program, args, {
      env: { ...environment(machine.env), ...QUIET, ...Object.fromEntries(known) },
      // As login(1) does where the account has no home folder.
      cwd: existsSync(machine.home) ? machine.home : '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const told = child.stdio[3] as Readable;
    const parts: Buffer[] = [];
    let size = 0;
    let draining = (): void => {};
    const finish = (error?: Error): void => {
      cancel();
      draining();
      signal.removeEventListener('abort', stop);
      told.destroy();
      const text = Buffer.concat(parts).toString('utf8');
      if (text.endsWith(`${END}\n`)) {
        done(read(text, way.input !== undefined));
      } else {
        child.kill('SIGKILL');
        fail(error ?? new Error(t.noAnswer));
      }
    };
    const stop = (): void => finish(new Error(t.stopped));
    const cancel = clock.after(limitMs, () => finish(new Error(t.tooLate(limitMs))));
    signal.addEventListener('abort', stop);
    told.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (part.includes(`${END}\n`)) finish();
      else if (size > MAX_OUTPUT) finish(new Error(t.tooMuch));
    });
    told.on('error', () => {});
    child.on('error', (error) =>
      finish(new Error(t.notStarted(systemReason({ ...error, path: undefined })))),
    );
    let ended: Error | undefined;
    child.on('exit', (code, by) => {
      ended = new Error(t.ended(code, by));
      if (told.closed) finish(ended);
      // Something that its start-up files left running holds the other end open.
      else draining = clock.after(DRAIN_MS, () => finish(ended));
    });
    told.on('close', () => {
      if (ended) finish(ended);
    });
  });
}

function environment(ours: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours))
    if (value !== undefined && (name === 'PWD' || name === 'TERM' || !OWN.test(name))) env[name] = value;
  return env;
}

function read(text: string, namesProgram: boolean): Answer {
  const end = text.lastIndexOf(`${END}\n`);
  const first = namesProgram ? text.indexOf('\n') + 1 : 0;
  const said = namesProgram ? text.slice(0, first).trim() : '';
  const body = text.slice(first, end);
  // Without `-0` a line that begins like a variable is one; else it belongs to the value before.
  const entries = body.includes('\0') ? body.split('\0') : body.split(/\n(?=[A-Za-z_]\w*=)|\n$/);
  const variables = new Map<string, string>();
  for (const entry of entries) {
    const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(entry) ?? [];
    if (name === undefined || value === undefined || OWN.test(name) || QUIET[name] === value) continue;
    variables.set(name, value);
  }
  return { variables, program: said === '' ? undefined : said.replace(/^-/, '') };
}
