import type { RpcMessage } from '../../codec/types.ts';
import type { GatewayDeps, Handshake } from '../types.ts';

/** Without a handshake, a client is noted as connected at most this often, ms. */
const EVERY_MS = 60_000;
/** The same when it says that it is another program than before: two may share a credential. */
const CHANGED_MS = 5000;

interface Program extends Handshake {
  readonly at: number;
}

/** Which programs use which credential, as their requests say (for people only: identity is the token). */
export class Programs {
  readonly #deps: Pick<GatewayDeps, 'clock' | 'onHandshake'>;
  readonly #last = new Map<string, Program>();

  constructor(deps: Pick<GatewayDeps, 'clock' | 'onHandshake'>) {
    this.#deps = deps;
  }

  of(clientId: string): Handshake | undefined {
    return this.#last.get(clientId);
  }

  /** Notes the sender of a request. */
  note(clientId: string, message: RpcMessage): void {
    const now = this.#deps.clock.monotonic();
    const before = this.#last.get(clientId);
    if (before && now - before.at < CHANGED_MS) return;
    const handshake = {
      software: softwareOf(message),
      protocolVersion: String(message.meta?.protocolVersion).slice(0, 50),
    };
    const same =
      before?.software === handshake.software && before.protocolVersion === handshake.protocolVersion;
    if (same && now - before.at < EVERY_MS) return;
    this.#last.set(clientId, { ...handshake, at: now });
    this.#deps.onHandshake(clientId, handshake);
  }
}

function softwareOf({ raw, meta }: RpcMessage): string {
  if (!meta?.clientInfo) return '';
  const { start, end } = meta.clientInfo;
  const { name, version } = JSON.parse(raw.toString('utf8', start, end)) as Record<string, unknown>;
  return `${String(name)} ${String(version)}`.slice(0, 200);
}
