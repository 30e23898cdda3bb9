import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isObject } from '../../../shared/base/is-object.ts';
import { Brake } from '../base/brake.ts';
import type { RpcMessage } from '../codec/types.ts';
import type { Clock, Database, Log } from '../ports.ts';
import { isModernError } from './discover.ts';
import { secretsOf } from './limits.ts';
import type { Era, FactStore, ResolvedServer } from './types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long what a server showed is believed. A package that is updated in between is noticed by its version. */
const FIRM_MS = 3 * DAY_MS;
/** How long silence is taken for an answer. */
const WEAK_MS = 5 * 60 * 1000;

const Facts = z.object({
  /** Digest of the configuration these were found with. */
  config: z.string(),
  era: z.enum(['legacy', 'modern']).optional(),
  /** When the era was found, in milliseconds since the epoch. */
  at: z.number().optional(),
  /** The address of kind `http` belongs to a server of HTTP+SSE. */
  sse: z.boolean().optional(),
  /** Name and version the server gave when it was last greeted. */
  software: z.string().optional(),
});
type Facts = z.infer<typeof Facts>;

export function createFactStore(database: Database): FactStore {
  database.exec('CREATE TABLE IF NOT EXISTS upstream_facts (server TEXT PRIMARY KEY, facts TEXT NOT NULL)');
  const read = database.prepare('SELECT facts FROM upstream_facts WHERE server = ?');
  const write = database.prepare('INSERT OR REPLACE INTO upstream_facts (server, facts) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM upstream_facts WHERE server = ?');
  return {
    read(server) {
      const facts = read.get(server)?.facts;
      return typeof facts === 'string' ? facts : undefined;
    },
    write(server, facts) {
      if (facts === undefined) remove.run(server);
      else write.run(server, facts);
    },
  };
}

/**
 * SHA-256 (hex) of a configuration without its secret values, which a digest on disk would make guessable: another
 * password does not make another server.
 */
export function configDigest(config: ResolvedServer): string {
  const secrets = new Set(secretsOf(config));
  const plain = JSON.stringify({ ...config, secrets: undefined }, (_, value: unknown) =>
    typeof value === 'string' && secrets.has(value) ? '•' : value,
  );
  return createHash('sha256').update(plain).digest('hex');
}

export interface FactOptions {
  readonly server: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Log;
  /** Without one, nothing outlives the process. */
  readonly store?: FactStore | undefined;
}

/** What is known of one server from asking it, as long as it has the same configuration and is not too old. */
export class ServerFacts {
  readonly #o: FactOptions;
  #facts: Facts | undefined;
  /** Until when an era is believed that was concluded from silence only; such an era is not kept on disk. */
  #weakUntil: number | undefined;

  /** Without it, a server that gives reason for doubt each time it is asked would be asked again and again. */
  readonly #doubts: Brake;

  constructor(options: FactOptions) {
    this.#o = options;
    const { clock } = options;
    this.#doubts = new Brake({ clock, free: 3, firstMs: 5000, longestMs: WEAK_MS, calmMs: 2 * WEAK_MS });
  }

  /** Call with the configuration of now before asking anything else: facts of another one are dropped. */
  use(config: ResolvedServer): void {
    const digest = configDigest(config);
    if (this.#facts?.config === digest) return;
    const stored = this.#facts ? undefined : this.#read();
    if (stored?.config === digest) this.#facts = stored;
    else this.forget({ config: digest });
  }

  /** The era while it is known. Needs no configuration, so it may be asked for every message. */
  get era(): Era | undefined {
    const { era, at } = this.#facts ?? {};
    if (era === undefined || at === undefined) return undefined;
    const now = this.#o.clock.now();
    // A time to come is of a clock that was put back; it would hold for too long.
    return now < (this.#weakUntil ?? at + FIRM_MS) && at <= now ? era : undefined;
  }

  get sse(): boolean {
    return this.#facts?.sse === true;
  }

  learnEra(era: Era, firm: boolean): void {
    const now = this.#o.clock.now();
    this.#weakUntil = firm ? undefined : now + WEAK_MS;
    this.#set({ era, at: now }, firm);
  }

  learnSse(sse: boolean): void {
    if (this.sse !== sse) this.#set({ sse }, this.#weakUntil === undefined);
  }

  /**
   * The server answered an initialize, or as a modern one a server/discover. An error that its era does not have, or
   * another version of it than before, casts doubt on the era.
   */
  greeted(answer: RpcMessage): void {
    const value = answer.value();
    if (isObject(value.error) && this.era !== (isModernError(value) ? 'modern' : 'legacy')) this.doubt();
    const info = isObject(value.result) ? value.result.serverInfo : undefined;
    if (!isObject(info)) return;
    const software = `${String(info.name)} ${String(info.version)}`.slice(0, 200);
    const before = this.#facts?.software;
    if (before === software) return;
    if (before !== undefined) this.doubt();
    this.#set({ software }, this.#weakUntil === undefined);
  }

  /** The server did what one of the known era does not do: it is asked again when that matters next. */
  doubt(): void {
    if (this.era === undefined || this.#doubts.waitMs() > 0) return;
    this.#doubts.tried();
    this.#weakUntil = undefined;
    this.#set({ era: undefined, at: undefined }, true);
  }

  /** Forgets everything, but what is given. */
  forget(facts?: Facts): void {
    this.#facts = facts;
    this.#weakUntil = undefined;
    this.#write(undefined);
  }

  #set(change: Partial<Facts>, keep: boolean): void {
    if (!this.#facts) return;
    const facts = { ...this.#facts, ...change };
    this.#facts = facts;
    if (keep) this.#write(JSON.stringify(facts));
  }

  #read(): Facts | undefined {
    const { store, server, log } = this.#o;
    const text = store?.read(server);
    if (text === undefined) return undefined;
    try {
      return Facts.parse(JSON.parse(text));
    } catch (error) {
      log('warn', `What was known of the server "${server}" cannot be read; it is asked again`, error);
      return undefined;
    }
  }

  /** What cannot be kept is asked again after a restart: no reason to fail a connection. */
  #write(text: string | undefined): void {
    const { store, server, log } = this.#o;
    try {
      store?.write(server, text);
    } catch (error) {
      log('warn', `What was found out about the server "${server}" could not be kept`, error);
    }
  }
}
