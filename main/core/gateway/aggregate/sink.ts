import { joined } from '../../../../shared/text/model.ts';
import { parseFromServer } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Reply } from '../streams/reply.ts';

/** Takes the answer to a request that the gateway itself puts to a session, where a client's would go to its POST. */
export class Sink implements Reply {
  readonly answered: Promise<RpcMessage>;
  readonly carries = false;
  readonly keeps = false;
  readonly here = false;
  readonly ofGateway = true;
  over = false;
  #answer: (message: RpcMessage) => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor() {
    this.answered = new Promise((answer, fail) => {
      this.#answer = answer;
      this.#fail = fail;
    });
  }

  omit(): void {}
  open(): void {}
  push(): undefined {}
  tick(): void {}

  answer(raw: Buffer): undefined {
    if (this.over) return;
    this.over = true;
    const parsed = parseFromServer(raw);
    if (parsed.ok && 'message' in parsed) this.#answer(parsed.message);
    else this.#fail(new Error(joined.unreadable));
  }

  silent(): void {
    this.over = true;
    this.#fail(new Error(joined.cancelled));
  }
}
