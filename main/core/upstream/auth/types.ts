import type { HttpConfig, SignInException } from '../../../../shared/schemas/server.ts';
import type { Clock, Log, Machine } from '../../ports.ts';
import type { SecretStore } from '../../settings/types.ts';

/** A client as one authorization server knows it. Never used with another one. */
/** The environment that says which proxy leads to an address. */
export type Network = (url: URL) => Promise<Machine['env']>;

export interface ClientRecord {
  readonly id: string;
  readonly secret?: string | undefined;
  /** How it authenticates at the token endpoint, where the registration said. */
  readonly method?: string | undefined;
  /** When the secret ends (epoch, ms). */
  readonly expiresAt?: number | undefined;
  /** The address that was registered to come back to. */
  readonly redirectUri: string;
  /** `settings`: registered by a person, who gave its id. */
  readonly from: 'registration' | 'settings';
}

export interface Tokens {
  readonly access: string;
  readonly refresh?: string | undefined;
  /** When they came, and when the access token ends by its own account (epoch, ms). */
  readonly obtainedAt: number;
  readonly expiresAt?: number | undefined;
  /** What was granted, where it is known. */
  readonly scope?: string | undefined;
}

/** What one server's authorization server gave us: bound to the issuer, the resource and the server's address. */
export interface Grant {
  readonly issuer: string;
  readonly resource: string;
  /** The server's address when it was given; with another address the grant is not used. */
  readonly url: string;
  readonly client: ClientRecord;
  /** Scopes asked for so far: the next sign-in asks for these and for what is new. */
  readonly requested?: string | undefined;
  /** Absent when the person signed out, or the authorization server ended them. */
  readonly tokens?: Tokens | undefined;
}

/** What the last challenge of a server said. */
export interface Need {
  /** Why, as a sentence for people. */
  readonly text: string;
  /** Also true while other calls work: permissions that lack, a sign-in that failed. */
  readonly lasting?: boolean | undefined;
  readonly scope?: string | undefined;
  readonly resourceMetadata?: URL | undefined;
}

/** The part of a server's configuration that matters here. */
export interface AuthServerConfig {
  readonly url: string;
  readonly client?: NonNullable<HttpConfig['oauth']> | undefined;
  /** What its authorization server may do although the specification forbids it. */
  readonly allows?: readonly SignInException[] | undefined;
}

export interface AuthDeps {
  readonly clock: Clock;
  readonly env: Machine['env'];
  /** The environment for an address, with what the login shell adds; without it `env` for all. */
  readonly network?: Network;
  readonly log: Log;
  readonly randomBytes: (size: number) => Buffer;
  readonly secrets: SecretStore;
  /** Undefined when there is no such server, or it is started as a command. */
  config(server: string): AuthServerConfig | undefined;
  /** Saves a client that a person registered at `issuer` for this server. */
  saveClient(server: string, client: GivenClient, issuer: string): Promise<void>;
  /** Something happened that belongs in the audit: `server-signed-in`, `server-signed-out`, `server-sign-in-ended`. */
  note(event: string, detail: Record<string, unknown>): void;
  /** The port that browsers come back to where it is free; 0 takes any. Default {@link CALLBACK_PORT}. */
  readonly callbackPort?: number;
}

/** Client credentials that a person got from the authorization server. */
export interface GivenClient {
  readonly id: string;
  readonly secret?: string | undefined;
}

/** Fixed, so that it can be named where a person registers a client by hand. Another is taken where it is in use. */
export const CALLBACK_PORT = 7718;

/** Signing in, renewing or signing out failed. The message is a sentence for people and holds no credentials. */
export class SignInError extends Error {
  /** `later`: nothing is wrong with the sign-in; trying again may help. `client`: a person has to give a client id. */
  readonly kind: 'refused' | 'later' | 'client';
  readonly fix: string | undefined;
  constructor(kind: SignInError['kind'], message: string, fix?: string) {
    super(message);
    this.name = 'SignInError';
    this.kind = kind;
    this.fix = fix;
  }
}
