import type { Wire } from '../client/wire.ts';

/** Something that carries a client's messages to the bench's server. */
export interface Target {
  readonly name: string;
  /** What is between client and server, in a few words. */
  readonly what: string;
  /** The process between the two; undefined for a direct connection. */
  readonly pid: number | undefined;
  /** A new session. */
  open(): Promise<Wire>;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** How many tools the server lists. */
  readonly tools: number;
  /** Words for Node before the core's program, such as --cpu-prof. */
  readonly nodeWords: readonly string[];
}
