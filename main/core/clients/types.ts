import type { ClientPlan, ClientResult, ClientView } from '../../../shared/schemas/client.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import type { LoginShell } from '../login-shell/index.ts';
import type { Ports } from '../ports.ts';
import type { Identities, SecretStore } from '../settings/types.ts';

export interface ClientDeps {
  readonly ports: Pick<Ports, 'clock' | 'files' | 'machine' | 'log' | 'randomBytes' | 'processes'>;
  readonly dataDir: string;
  /** The data folder that entries name, where it is another one: that of a trial. */
  readonly namedDataDir?: string | undefined;
  readonly secrets: SecretStore;
  readonly identities: Identities;
  /** Where variables that entries name get their values from when ours lacks them. */
  readonly loginShell?: Pick<LoginShell, 'now' | 'look'>;
  /** Origin of the gateway, e.g. `http://127.0.0.1:7717`. */
  gatewayUrl(): string;
  readonly servers: {
    get(name: string): ServerConfig | undefined;
    all(): Record<string, ServerConfig>;
    put(name: string, config: ServerConfig): Promise<void>;
    remove(name: string): Promise<void>;
  };
  lastHandshake(clientId: string): { at: number; software: string } | null;
}

export type Direction = ClientPlan['direction'];

export interface ConnectOptions {
  /** A server that is registered already under another name is used, not registered again. Default false. */
  readonly merge?: boolean | undefined;
}

/** An entry of ours that was changed by hand since, and what the person says about it. */
export interface HandEdit {
  readonly file: string;
  readonly name: string;
  readonly project: string | null;
  /** `mine`: it stays as it is, and counts as routed. `ours`: what Drawbridge wrote goes back over it. */
  readonly keep: 'mine' | 'ours';
}

/** One thing about a client, for people. `ok` when nothing has to be done about it. */
export interface Finding {
  readonly client: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

/** The AI clients of this machine: what is in their files, and how those are changed and put back. */
export interface Clients {
  /** Reads every known client's files. A file that cannot be read or parsed is a problem of that client alone. */
  scan(): Promise<ClientView[]>;
  /** What an apply would do. Reads only. Rejects with `not_found` for a client that is not in the table. */
  plan(clientIds: readonly string[], direction: Direction, options?: ConnectOptions): Promise<ClientPlan[]>;
  /**
   * Does it, one client after the other. Each has a result; one that fails does not stop the next. With `digests` (by
   * client, from the plan shown) anything that changed since makes that client's result a refusal.
   */
  apply(
    clientIds: readonly string[],
    direction: Direction,
    digests?: Readonly<Record<string, string>>,
    options?: ConnectOptions,
  ): Promise<ClientResult[]>;
  /** Puts back every entry ever routed, also those edited by hand since. Needs the data folder and the files only. */
  restoreAll(): Promise<ClientResult[]>;
  /**
   * Copies servers of project files into the client's own settings for that project, where they can be routed; see
   * route/local-scope.ts. Rejects with `refused` for a client that has no such settings.
   */
  copyToLocalScope(clientId: string, dryRun: boolean): Promise<ClientResult>;
  /** Says about an entry of ours that was changed by hand whether that stays or ours goes back over it. */
  settleHandEdit(clientId: string, edit: HandEdit): Promise<ClientResult>;
  /** What keeps installed clients from reaching their servers through us, each with what to do. Reads only. */
  diagnose(): Promise<Finding[]>;
  /**
   * Finishes or takes back what a killed process left half done, and removes its temporary files. Every call above does
   * it first; hosts may call it at start.
   */
  recover(): Promise<void>;
  /**
   * Keeps what a person routed routed, see upkeep.ts: what a client dropped by itself comes back, what leads to an old place
   * of this program is brought up to date. For a core that listens. Resolves with what was changed, usually nothing.
   */
  keepUp(): Promise<ClientResult[]>;
  /** What {@link follow} would change if the gateway were at this address. Reads only. */
  planFollow(gatewayUrl: string): Promise<ClientPlan[]>;
  /** Brings every entry of ours to the address, token and name of server that are in force now, at once. */
  follow(): Promise<ClientResult[]>;
  /** The journal's entries of a server are those of another name from now on; {@link follow} then writes that name. */
  serverRenamed(from: string, to: string): Promise<void>;
  /**
   * Calls back when a client's file changed and has been still for a moment, when a client was started or has quit, and
   * when something is due in {@link keepUp}. A callback that takes long is called less often.
   */
  watch(onChange: () => void | Promise<void>): void;
  /** Takes no more work, and resolves when what is under way is done: a file half changed is worse than a wait. */
  stop(): Promise<void>;
}
