import type { LeftAlone } from '../../../shared/schemas/client.ts';
import type { ModeName } from '../../../shared/schemas/common.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';

export interface ServerRecord {
  readonly config: ServerConfig;
  /** A mode of its own; null inherits the global one. */
  readonly mode: ModeName | null;
  /** Switched off by a person: nothing of it is started, and clients are told so. */
  readonly disabled?: true | undefined;
  /** When its program is started: with the client that has it (left out), or at the first request that needs it. */
  readonly start?: 'used' | undefined;
}

export interface GlobalMode {
  readonly mode: ModeName;
  /** When bypass ends, ms since the epoch; null for every other mode. */
  readonly until: number | null;
  /** With bypass, and with the raised bridge: the mode that it goes back to. Left out: enforce. */
  readonly before?: Exclude<ModeName, 'bypass'> | undefined;
}

/** `<data>/settings.json`. Written whole and atomically; see createSettings for edits by hand. */
export interface SettingsDoc {
  readonly version: 1;
  /** Fixed once chosen: clients' files name it. */
  readonly gatewayPort: number | null;
  readonly uiPort: number | null;
  readonly mode: GlobalMode;
  readonly servers: Readonly<Record<string, ServerRecord>>;
  /** Largest message accepted from either side, bytes. */
  readonly maxMessageBytes: number;
  /** More origins than our own that browsers may call the gateway from. */
  readonly allowedOrigins: readonly string[];
  /** Full path of a file with more certificate authorities (PEM) for servers and their sign-in. */
  readonly extraCaFile?: string | undefined;
  /** The same tool with the same arguments more often than this in a minute asks, then denies. Null turns it off. */
  readonly loopGuard: { readonly max: number } | null;
  /** Clients whose calls are all denied, by id. `until` null: until a person resumes them. Times in ms since the epoch. */
  readonly pausedClients: Readonly<Record<string, { readonly since: number; readonly until: number | null }>>;
  /** Entries of clients' files that a person decided to leave unrouted, oldest first. */
  readonly leftAlone: readonly LeftAlone[];
  /** How long recorded calls are kept. */
  readonly retention: { readonly days: number; readonly megabytes: number };
  /** A server is being given another name; what a killed process left of that is finished at the next start. */
  readonly renaming?: { readonly from: string; readonly to: string; readonly disabled: boolean } | undefined;
}

export interface Settings {
  get(): SettingsDoc;
  /** Applies a change and saves it before resolving. Changes run one after the other. */
  update(change: (doc: SettingsDoc) => SettingsDoc): Promise<SettingsDoc>;
  /** `by`: whether a person edited the file, or {@link update} was called. */
  onChange(listener: (doc: SettingsDoc, by?: 'program' | 'hand') => void): void;
}

/** Secrets by name, encrypted on disk; the data key is with the OS key store, or in a file only this user can read. */
export interface SecretStore {
  readonly kind: 'os' | 'file';
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  names(): Promise<string[]>;
}

export interface ClientIdentity {
  /** `cursor`, `claude-code`, …: row of the client table, or a name chosen for a client configured by hand. */
  readonly id: string;
  readonly name: string;
}
/** Bearer tokens: 256 random bits, one for each client. */
export interface Identities {
  /** Constant-time in the token's content. */
  byToken(token: string): ClientIdentity | undefined;
  /** Whether this client was ever given a token. */
  knows(clientId: string): boolean;
  /** The client's token, made at first use. */
  tokenFor(clientId: string): Promise<string>;
}
/** Tokens that can be replaced. */
export interface RenewableIdentities extends Identities {
  /** Every client that was ever given a token. */
  ids(): string[];
  /** Another token in the place of the client's: the one it had is refused from now on. */
  renew(clientId: string): Promise<string>;
}
