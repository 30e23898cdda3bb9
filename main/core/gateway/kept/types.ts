import type { RpcMessage } from '../../codec/types.ts';

/** What a server said to an initialize of one kind, and its lists: clients are answered from it while nothing of it runs. */
export interface Words {
  /** The answer to initialize, as it came. */
  initialize: Buffer;
  /** The pages of complete lists as they came, by method. */
  readonly lists: Map<string, readonly Buffer[]>;
  /** How many starts in a row found something else than the start before. */
  changes: number;
}

/** Where words are kept, beyond the end of the process. */
export interface WordStore {
  get(server: string, key: string): Words | undefined;
  /** Keeps the words as they are now; words that are too large are not kept. */
  put(server: string, key: string, words: Words): void;
  drop(server: string, key: string): void;
  /** Lists of this method are no longer what the server says, whoever asked. */
  dropList(server: string, method: string): void;
  forget(server: string): void;
}

/** The servers that run only while they are used. */
export interface KeptServers extends Omit<WordStore, 'forget'> {
  /**
   * Under what the answer to this initialize is kept; undefined for a server that starts with its client. Never rejects:
   * what is wrong with a configuration is said when the server is started.
   */
  key(server: string, initialize: RpcMessage): Promise<string | undefined>;
}
