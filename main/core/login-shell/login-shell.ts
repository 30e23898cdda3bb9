import { createListeners } from '../../../shared/base/listeners.ts';
import { messageOf } from '../../../shared/base/message-of.ts';
import { loginShell as t } from '../../../shared/text/core/login-shell.ts';
import { askShell } from './ask.ts';
import { mergePaths } from './merge-paths.ts';
import type { LoginShell, ShellPorts, ShellState, ShellTimes } from './types.ts';
import { isNoShell, nameOf, startFiles, type Way, wayInstead, waysOf } from './ways.ts';

const TIMES: ShellTimes = { waitMs: 5000, limitsMs: [20_000, 60_000], pauseMs: 30_000 };

/**
 * The variables of the person's login shell. Programs started from a desktop have a bare environment: no npx and no uvx on
 * their PATH, and nothing of what start-up files export.
 */
export function createLoginShell(ports: ShellPorts, times: Partial<ShellTimes> = {}): LoginShell {
  return ports.machine.platform === 'win32' ? noShell(ports) : new AskedShell(ports, { ...TIMES, ...times });
}

function noShell({ machine }: ShellPorts): LoginShell {
  const own = machine.env.PATH ?? machine.env.Path;
  const now = state({ status: 'none', path: own, detail: t.windows });
  return { now, look: async () => now, again: async () => now, onChange: () => {}, stop: () => {} };
}

function state(known: Pick<ShellState, 'status' | 'path' | 'detail'> & Partial<ShellState>): ShellState {
  return { shell: undefined, variable: () => undefined, problem: null, fix: null, ...known };
}

class AskedShell implements LoginShell {
  readonly #ports: ShellPorts;
  readonly #times: ShellTimes;
  readonly #shell: string;
  readonly #end = new AbortController();
  readonly #listeners = createListeners<[]>();
  #now: ShellState;
  #asking: Promise<void> | undefined;
  /** Ended rounds without an answer since the last one with an answer. */
  #failures = 0;
  /** Somebody waited in vain: nobody does so again before there is an answer. */
  #impatient = false;
  #startFiles = '';
  #again = false;
  #known = '';

  constructor(ports: ShellPorts, times: ShellTimes) {
    const { machine } = ports;
    this.#ports = ports;
    this.#times = times;
    this.#shell =
      machine.env.SHELL || machine.loginShell || (machine.platform === 'darwin' ? '/bin/zsh' : '/bin/sh');
    this.#now = this.#without('asking', t.notAsked(this.#shell));
  }

  get now(): ShellState {
    return this.#now;
  }

  async look(): Promise<ShellState> {
    if (this.#failures === 0 && this.#now.status !== 'answered') this.#begin();
    else if ((await this.#stamp()) !== this.#startFiles) this.#begin();
    await this.#wait();
    return this.#now;
  }

  async again(): Promise<ShellState> {
    if (this.#now.status === 'failed') {
      this.#impatient = false;
      this.#begin();
    }
    return this.look();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  stop(): void {
    this.#end.abort();
  }

  #begin(): void {
    if (this.#asking || this.#end.signal.aborted) return;
    const began = this.#ports.clock.monotonic();
    if (this.#now.status !== 'answered') this.#now = this.#without('asking', t.asking(this.#shell));
    this.#asking = this.#round(began).finally(() => {
      this.#asking = undefined;
    });
  }

  /** Resolves when the round under way is over, or nobody waits for it any longer. */
  async #wait(): Promise<void> {
    if (!this.#asking || this.#impatient) return;
    let cancel = (): void => {};
    const late = new Promise<'late'>((done) => {
      cancel = this.#ports.clock.after(this.#times.waitMs, () => done('late'));
    });
    const first = await Promise.race([late, this.#asking]);
    cancel();
    if (first !== 'late') return;
    this.#impatient = true;
    if (this.#now.status === 'asking')
      this.#now = this.#without('asking', t.late(this.#shell, this.#times.waitMs), t.lateFix);
  }

  async #round(began: number): Promise<void> {
    const { clock, log } = this.#ports;
    const stamp = await this.#stamp();
    const { variables, causes } = await this.#askAll();
    if (this.#end.signal.aborted) return;
    // Shells write to some of these files themselves at their start.
    this.#startFiles = variables ? await this.#stamp() : stamp;
    const waitedInVain = this.#impatient;
    if (!variables) {
      this.#failures++;
      const problem = isNoShell(this.#shell)
        ? t.noShell(this.#shell)
        : t.failed(this.#shell, [...new Set(causes)]);
      log('warn', problem);
      if (this.#now.status !== 'answered') this.#now = this.#without('failed', problem, t.fix(this.#shell));
      if (!this.#again && !isNoShell(this.#shell)) {
        this.#again = true;
        clock.after(this.#times.pauseMs, () => this.#begin());
      }
      return;
    }
    this.#failures = 0;
    this.#impatient = false;
    const path = variables.get('PATH') ?? '';
    const own = this.#ports.machine.env.PATH;
    const ms = clock.monotonic() - began;
    this.#now = state({
      shell: this.#shell,
      status: 'answered',
      path: mergePaths(path, own),
      variable: (name) => variables.get(name),
      detail: t.answered(this.#shell, ms),
    });
    const known = JSON.stringify([...variables].sort());
    if (waitedInVain || (this.#known !== '' && known !== this.#known)) this.#listeners.tell();
    this.#known = known;
  }

  /** Asks in one way after the other; undefined where none had an answer. */
  async #askAll(): Promise<{ variables: ReadonlyMap<string, string> | undefined; causes: string[] }> {
    const { limitsMs } = this.#times;
    const limitMs = limitsMs[Math.min(this.#failures, limitsMs.length - 1)] ?? limitsMs[0];
    const causes: string[] = [];
    let variables: ReadonlyMap<string, string> | undefined;
    /** A kind of shell that would add to the answer, and has not answered so far. */
    let missing: Way['name'] | undefined;
    const left: { shell: string; way: Way }[] = isNoShell(this.#shell)
      ? []
      : waysOf(this.#shell).map((way) => ({ shell: this.#shell, way }));
    const { signal } = this.#end;
    for (let next = left.shift(); next && !signal.aborted; next = left.shift()) {
      const { shell, way } = next;
      if (variables && !way.adds && way.name !== missing) continue;
      try {
        const known = variables ?? new Map<string, string>();
        const answer = await askShell(shell, way, { limitMs, ports: this.#ports, known, signal });
        variables = answer.variables;
        missing = undefined;
        const { program } = answer;
        if (program !== undefined && nameOf(program) !== nameOf(shell))
          left.unshift({ shell: program, way: wayInstead(program) });
      } catch (error) {
        if (way.adds) missing = way.name;
        causes.push(t.cause(way.name, messageOf(error)));
      }
    }
    return { variables, causes };
  }

  /** What is known without the shell. */
  #without(status: 'asking' | 'failed', detail: string, fix: string | null = null): ShellState {
    const path = this.#ports.machine.env.PATH;
    return state({ shell: this.#shell, status, path, detail, problem: detail, fix });
  }

  /** Changes when a start-up file does. */
  async #stamp(): Promise<string> {
    const { files, machine } = this.#ports;
    const times = startFiles(machine.home, machine.env).map((file) =>
      // What is not there, or may not be looked at, is not read by the shell either.
      files.stat(file).then(
        ({ mtimeMs, size }) => `${mtimeMs}/${size}`,
        () => '',
      ),
    );
    return (await Promise.all(times)).join(' ');
  }
}
