import type { Ports } from '../ports.ts';

export type ShellPorts = Pick<Ports, 'clock' | 'files' | 'log' | 'machine'>;

/** What is known of the person's login shell. Lives in memory only: there are secrets among its variables. */
export interface ShellState {
  /** Its path; undefined on Windows, where programs get the same variables however they are started. */
  readonly shell: string | undefined;
  /** `asking`: it has not answered so far, and may still. */
  readonly status: 'none' | 'asking' | 'answered' | 'failed';
  /** The search path for servers: the shell's folders, then ours; ours alone where it has not answered. */
  readonly path: string | undefined;
  /** The value of one variable of the shell, for those who were told its name by an entry or need it by their nature. */
  variable(name: string): string | undefined;
  /** How it went, in one sentence. */
  readonly detail: string;
  /** For people: why its variables are not known; null where they are. */
  readonly problem: string | null;
  /** What to do about that. */
  readonly fix: string | null;
}

export interface LoginShell {
  readonly now: ShellState;
  /**
   * What is known of the shell, which is asked where it was not yet, or where its start-up files changed since. Waits for
   * its answer, but not longer than five seconds, and only once for one that does not answer.
   */
  look(): Promise<ShellState>;
  /** The same, and one that gave no answer is asked once more, with a longer limit. */
  again(): Promise<ShellState>;
  /** Told when the shell has answered after somebody had stopped waiting for it, or answers otherwise than before. */
  onChange(listener: () => void): void;
  /** Ends the shell that is being asked. */
  stop(): void;
}

/** Milliseconds. */
export interface ShellTimes {
  /** How long anybody waits for an answer, once. */
  readonly waitMs: number;
  /** How long one way of asking may take: at first, and in each later round. */
  readonly limitsMs: readonly [first: number, ...later: number[]];
  /** How long after a round without an answer it is asked once more by itself. */
  readonly pauseMs: number;
}
