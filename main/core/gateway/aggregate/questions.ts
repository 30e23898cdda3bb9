import { withId } from '../../codec/index.ts';
import { withValueAt } from '../../codec/items.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Session } from '../legacy/session.ts';

interface Question {
  readonly session: Session;
  /** Raw id, as the server gave it. */
  readonly id: string;
}

/** When more questions than this are open, those that were settled without an answer are forgotten. */
const MANY = 1000;

/**
 * What the servers of an aggregate ask its client. Two servers may use the same id, so the client sees ids of our own, by
 * which its answers are matched to the questions.
 */
export class Questions {
  readonly #byShown = new Map<string, Question>();
  readonly #idPrefix: string;
  #count = 0;

  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  /** The message as the client is to see it. */
  show(session: Session, message: RpcMessage): Buffer {
    if (message.kind === 'request' && message.id !== undefined) {
      if (this.#byShown.size >= MANY) this.#sweep();
      const shown = JSON.stringify(`${this.#idPrefix}ask-${++this.#count}`);
      this.#byShown.set(shown, { session, id: message.id });
      return withId(message.raw, shown);
    }
    if (message.cancels !== undefined) {
      for (const [shown, question] of this.#byShown) {
        if (question.session !== session || question.id !== message.cancels) continue;
        this.#byShown.delete(shown);
        return withValueAt(message.raw, ['params', 'requestId'], shown);
      }
    }
    return message.raw;
  }

  /** The question that the client answers, which is forgotten with that. @param shown its id, raw */
  take(shown: string): Question | undefined {
    const question = this.#byShown.get(shown);
    this.#byShown.delete(shown);
    return question;
  }

  #sweep(): void {
    for (const [shown, { session, id }] of this.#byShown) {
      if (session.ended || !session.asked.has(id)) this.#byShown.delete(shown);
    }
  }
}
