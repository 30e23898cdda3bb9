import type { ApprovalHistory } from './approvals/index.ts';
import type { Approvals } from './approvals/types.ts';
import type { AuditLog } from './audit/types.ts';
import type { Clients } from './clients/index.ts';
import type { Gateway } from './gateway/index.ts';
import type { KeptServers } from './gateway/kept/types.ts';
import type { LoginShell } from './login-shell/index.ts';
import type { Pins } from './pins/types.ts';
import type { PolicyStoreWithLookup } from './policy/documents/store.ts';
import type { Counters } from './policy/judge/counters.ts';
import type { PolicyEngine } from './policy/types.ts';
import type { Database, Ports } from './ports.ts';
import type { ClientScan } from './rpc/client-scan.ts';
import type { Handshakes } from './rpc/handshakes.ts';
import type { StateHub } from './rpc/state-hub.ts';
import type { Ticks } from './rpc/ticks.ts';
import type { OpenedSettings } from './settings/index.ts';
import type { ServerRegistry } from './settings/registry.ts';
import type { RenewableIdentities, SecretStore } from './settings/types.ts';
import type { StoredCatalogue } from './tools/types.ts';
import type { ServerSignIns } from './upstream/auth/index.ts';
import type { Upstreams } from './upstream/types.ts';

/** What a host gives to make a core. */
export interface CoreOptions {
  /** The outside world: time, files, randomness, databases, processes. */
  readonly ports: Ports;
  /** Absolute path of the data folder; made when it is missing. */
  readonly dataDir: string;
  /** The data folder that clients' entries would name, for a trial in a folder that is thrown away. */
  readonly namedDataDir?: string;
  /** The product's version, e.g. `0.1.0`. */
  readonly version: string;
  /** `command`: does one thing for the command line and ends; it never listens. */
  readonly host: 'electron' | 'headless' | 'command';
  /** Id of the process the core runs in. */
  readonly pid: number;
  /** Asked to stop through the contract. */
  readonly onStopRequest: () => void;
}

/** Where a core is between its start and its end. */
export interface CoreLife {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The gateway takes connections. */
  listening: boolean;
  /** The port it listens on; undefined before it does. */
  port?: number;
  /** At this start the saved port was taken by another program, and the clients were brought to another one. */
  moved?: { readonly from: number; readonly to: number };
  /** Why the interface is not on the port of the settings. Set by the host. */
  uiPortProblem?: string | undefined;
  /** The host wants to know of every move of the gateway while it runs. */
  onPort?: ((port: number) => void) | undefined;
  /** Why the port that a person wrote into the settings is not in use. */
  portProblem?: string | undefined;
  /** Everything is being closed: nothing new is begun. */
  stopping: boolean;
}

/** Every part of a core, joined. The handlers of the contract and the slices of the state are computed from these. */
export interface CoreParts {
  // What is on disk.
  readonly settings: OpenedSettings;
  /** The gateway's port was chosen just now, so no client's file names it yet. */
  readonly isPortNew: boolean;
  readonly secrets: SecretStore;
  readonly identities: RenewableIdentities;
  /** `state.db`: counters, catalogue, definitions, prompts, handshakes. */
  readonly stateDatabase: Database;
  readonly audit: AuditLog;

  // What judges a call.
  readonly catalogue: StoredCatalogue;
  readonly pins: Pins;
  readonly policies: PolicyStoreWithLookup;
  readonly engine: PolicyEngine;
  readonly counters: Counters;
  readonly approvals: Approvals;
  readonly approvalHistory: ApprovalHistory;

  // Both sides of the gateway.
  readonly loginShell: LoginShell;
  readonly servers: ServerRegistry;
  readonly upstreams: Upstreams;
  readonly kept: KeptServers;
  readonly signIns: ServerSignIns;
  readonly gateway: Gateway;
  readonly clients: Clients;
  readonly clientScan: ClientScan;
  readonly handshakes: Handshakes;

  // What the interface follows.
  readonly hub: StateHub;
  readonly activity: Ticks;
  readonly life: CoreLife;
}
