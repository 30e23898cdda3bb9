import { Outbox } from '../streams/outbox.ts';
import type { GatewayLimits } from '../types.ts';

/** What a server of an aggregate says outside any request: goes where the aggregate's own messages go. */
export class MemberOutbox extends Outbox {
  readonly #shared: Outbox;
  readonly #owner: string;

  /** @param owner id of the member's session: a request that is dropped is given back with it */
  constructor(shared: Outbox, owner: string, limits: GatewayLimits) {
    super({ limits, clock: { monotonic: () => 0, after: () => () => {} }, dropped: () => {} });
    this.#shared = shared;
    this.#owner = owner;
  }

  override get listening(): boolean {
    return this.#shared.listening;
  }
  override attach(): never {
    throw new Error('A client listens to the aggregate, not to one of its servers.');
  }
  override send(raw: Buffer, request?: string, key?: string): Promise<void> | undefined {
    return this.#shared.send(raw, request === undefined ? undefined : this.keyOf(request), key);
  }
  override keyOf(request: string): string {
    return JSON.stringify([this.#owner, request]);
  }
  override withdraw(request: string): boolean {
    return this.#shared.withdraw(this.keyOf(request));
  }
  override take(): Buffer[] {
    return this.#shared.take();
  }
  override tick(): void {}
  /** The stream is the aggregate's: it stays when one server is gone. */
  override end(): void {}
}

/** The session and raw id of a server's request that was dropped from the shared outbox. */
export function ownerOf(request: string): { owner: string; id: string } {
  const [owner, id] = JSON.parse(request) as [string, string];
  return { owner, id };
}
