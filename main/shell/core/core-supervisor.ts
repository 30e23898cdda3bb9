import { messageOf } from '../../../shared/base/message-of.ts';
import { tray } from '../../../shared/text/tray.ts';
import type { Machine } from '../../core/ports.ts';
import type { Program } from '../../host/launcher/launcher-text.ts';
import type { Role } from '../../host/transports/control-server.ts';
import type { FromCore, ToCore } from '../../host/transports/core-messages.ts';
import type { MainPort } from '../../host/transports/port-transport.ts';

/** The part of Electron's UtilityProcess that is used. */
export interface CoreChild<Port> {
  postMessage(message: ToCore, transfer?: Port[]): void;
  on(event: 'message', listener: (message: FromCore) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
  readonly pid?: number | undefined;
}
export interface SupervisorOptions<Port> {
  readonly dataDir: string;
  readonly bridge: Machine['bridge'];
  /** What starts this app again. */
  readonly app?: Program;
  /** Whether the app is a login item of the system, set first where it is not null; absent where it cannot be one. */
  readonly loginItem?: (set: boolean | null) => boolean;
  fork(): CoreChild<Port>;
  /** Two joined ports. */
  channel(): readonly [Port, Port];
  /** Serves the system's key store on a port; absent where there is none. */
  readonly keyStore?: (port: Port) => void;
  /** Milliseconds since the epoch. */
  now(): number;
  after(ms: number, fn: () => void): () => void;
  /** Ends a process that did not end when it was asked to. */
  killHard(pid: number): void;
}
export interface SupervisorEvents {
  /** A core runs; the port serves the role `manager`. */
  running(port: MainPort): void;
  /** It ended by itself. `message` is a sentence for people; it is started again at `retryAt` (epoch, ms). */
  down(message: string, retryAt: number): void;
  /** Someone stopped it through the contract: the app is to quit. */
  stopRequested(): void;
}

const BACKOFF_MS = [500, 1000, 2000, 5000, 15_000, 30_000];
/** A core that ran this long was well: the next failure starts at the shortest wait again. */
const STEADY_MS = 60_000;
const STOP_MS = 5000;
const EXIT_WAIT_MS = 1000;

/** Keeps one core process running: starts it, hands it ports, starts it again with growing waits, stops it in order. */
export class CoreSupervisor<Port extends MainPort> {
  readonly #o: SupervisorOptions<Port>;
  readonly #events: SupervisorEvents;
  #child: CoreChild<Port> | undefined;
  #failures = 0;
  #startedAt = 0;
  #failure: string | undefined;
  #cancelRetry: (() => void) | undefined;
  #generation = 0;
  #stopping: Promise<void> | undefined;
  #ended: (() => void) | undefined;

  constructor(options: SupervisorOptions<Port>, events: SupervisorEvents) {
    this.#o = options;
    this.#events = events;
  }

  /** The process that is running now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How many cores were started so far. */
  get generation(): number {
    return this.#generation;
  }

  /** Starts the core at once, also while a retry is waited for. */
  start(): void {
    if (this.#child || this.#stopping) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const { dataDir, bridge, keyStore, app, loginItem } = this.#o;
    const child = this.#o.fork();
    this.#child = child;
    this.#generation += 1;
    this.#startedAt = this.#o.now();
    this.#failure = undefined;
    child.on('message', (message) => {
      if (this.#child !== child) return;
      if (message.type === 'failed') this.#failure = message.message;
      if (message.type === 'stopping') this.#events.stopRequested();
      if (message.type === 'login-item' && loginItem) child.postMessage(answerLoginItem(message, loginItem));
      if (message.type === 'running') {
        const port = this.port('manager');
        if (port) this.#events.running(port);
      }
    });
    child.on('exit', (code) => this.#onExit(child, code));
    const start: ToCore = {
      type: 'start',
      dataDir,
      bridge,
      ...(app ? { app } : {}),
      ...(loginItem ? { hasLoginItem: true } : {}),
    };
    if (keyStore) {
      const [ours, theirs] = this.#o.channel();
      keyStore(ours);
      child.postMessage(start, [theirs]);
    } else child.postMessage(start);
  }

  /** A new port to the core under a role, or undefined while it is down. */
  port(role: Role): Port | undefined {
    if (!this.#child || this.#stopping) return undefined;
    const [ours, theirs] = this.#o.channel();
    this.#child.postMessage({ type: 'port', role }, [theirs]);
    return ours;
  }

  /**
   * The connection to the core is lost. Mostly its process is ending and says so next; a process that is still there after
   * a moment carried messages to a core of another process that is gone: it is ended, and another is started.
   */
  connectionLost(): void {
    const child = this.#child;
    this.#o.after(EXIT_WAIT_MS, () => {
      if (!child || this.#child !== child || this.#stopping) return;
      this.#failure = tray.core.connectionLost;
      child.kill();
    });
  }

  /** Asks the core to stop; after 5 s it is ended by force. Resolves when the process is gone. */
  stop(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      this.#cancelRetry?.();
      const child = this.#child;
      if (!child) return resolve();
      const cancel = this.#o.after(STOP_MS, () => {
        if (child.pid !== undefined) this.#o.killHard(child.pid);
      });
      this.#ended = () => {
        cancel();
        resolve();
      };
      child.postMessage({ type: 'stop' });
    });
    return this.#stopping;
  }

  #onExit(child: CoreChild<Port>, code: number): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ended?.();
    if (this.#stopping) return;
    if (this.#o.now() - this.#startedAt >= STEADY_MS) this.#failures = 0;
    const wait = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] as number;
    this.#failures += 1;
    const message = this.#failure ? tray.core.failed(this.#failure) : tray.core.ended(code);
    this.#cancelRetry = this.#o.after(wait, () => this.start());
    this.#events.down(message, this.#o.now() + wait);
  }
}

function answerLoginItem(
  { id, set }: Extract<FromCore, { type: 'login-item' }>,
  loginItem: (set: boolean | null) => boolean,
): ToCore {
  try {
    return { type: 'login-item', id, on: loginItem(set) };
  } catch (error) {
    return { type: 'login-item', id, on: false, error: messageOf(error) };
  }
}
