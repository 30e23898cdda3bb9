import { RpcError } from '../../../shared/rpc/frames.ts';
import { gone, notThere } from '../../../shared/text/core/approvals.ts';
import type { Clock } from '../ports.ts';
import { wholeKey } from './grants.ts';
import { Prompt } from './prompt.ts';
import type { PromptLog } from './prompt-log.ts';
import { shortId } from './short-id.ts';
import type { ApprovalOutcome, ApprovalRequest, WaitingCall } from './types.ts';

const MAX_PROMPTS = 200;
const MAX_PROMPTS_PER_CLIENT = 50;
/** Arguments of all waiting prompts together, characters. One prompt alone may be larger. */
const MAX_ARGUMENTS = 32 * 1024 * 1024;
/** Answered prompts whose ids are remembered, to tell a second click from a wrong id. */
const REMEMBERED = 200;

/** The prompts that stand, by id and by the call they ask about. Each ends by itself when its time is over. */
export class PromptQueue {
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Buffer;
  readonly #log: PromptLog;
  readonly #changed: () => void;
  readonly #prompts = new Map<string, Prompt>();
  readonly #byKey = new Map<string, Prompt>();
  /** What became of those that are gone. */
  readonly #gone = new Map<string, string>();

  constructor(deps: {
    readonly clock: Clock;
    readonly randomBytes: (size: number) => Buffer;
    readonly log: PromptLog;
    readonly changed: () => void;
  }) {
    this.#clock = deps.clock;
    this.#randomBytes = deps.randomBytes;
    this.#log = deps.log;
    this.#changed = deps.changed;
  }

  all(): Prompt[] {
    return [...this.#prompts.values()];
  }
  has(id: string): boolean {
    return this.#prompts.has(id);
  }
  find(request: ApprovalRequest): Prompt | undefined {
    return this.#byKey.get(wholeKey(request));
  }

  /** The prompt a person answers. A second click on an answered one is a conflict; an id that never was is not found. */
  get(id: string): Prompt {
    const prompt = this.#prompts.get(id);
    if (!prompt) throw this.gone(id);
    if (prompt.deciding) throw new RpcError('conflict', notThere.beingAnswered(id));
    return prompt;
  }
  gone(id: string, more = ''): RpcError {
    const why = this.#gone.get(id);
    return why === undefined
      ? new RpcError('not_found', notThere.unknown(id))
      : new RpcError('conflict', notThere.gone(id, why + more));
  }

  newId(): string {
    return shortId(this.#randomBytes, (taken) => this.#prompts.has(taken) || this.#gone.has(taken));
  }
  full(request: ApprovalRequest): boolean {
    if (this.#prompts.size >= MAX_PROMPTS) return true;
    let ofClient = 0;
    let size = 0;
    for (const prompt of this.#prompts.values()) {
      if (prompt.request.clientId === request.clientId) ofClient += 1;
      size += prompt.request.argumentsText.length;
    }
    return (
      ofClient >= MAX_PROMPTS_PER_CLIENT || (size > 0 && size + request.argumentsText.length > MAX_ARGUMENTS)
    );
  }

  add(request: ApprovalRequest, call: WaitingCall): Prompt {
    const prompt = new Prompt(this.#clock, this.newId(), request, call);
    this.#prompts.set(prompt.id, prompt);
    this.#byKey.set(wholeKey(request), prompt);
    this.#watchEnd(prompt);
    return prompt;
  }

  /** @param why what became of it, as the end of a sentence about it */
  remove(prompt: Prompt, why: string): void {
    prompt.stopTimer();
    this.#prompts.delete(prompt.id);
    if (this.find(prompt.request) === prompt) this.#byKey.delete(wholeKey(prompt.request));
    this.#gone.set(prompt.id, why);
    const oldest = this.#gone.keys().next();
    if (this.#gone.size > REMEMBERED && !oldest.done) this.#gone.delete(oldest.value);
  }
  /** Removes it and answers every caller that still holds. */
  end(prompt: Prompt, why: string, outcome: ApprovalOutcome): number {
    this.remove(prompt, why);
    return prompt.settleAll(outcome);
  }
  /** False when another prompt asks about the very same already. */
  rebind(prompt: Prompt, policyVersion: string): boolean {
    const key = wholeKey({ ...prompt.request, policyVersion });
    const other = this.#byKey.get(key);
    if (other && other !== prompt) return false;
    if (this.find(prompt.request) === prompt) this.#byKey.delete(wholeKey(prompt.request));
    prompt.rebind(policyVersion);
    this.#byKey.set(key, prompt);
    return true;
  }

  /** Brings the queue up to the clock, which may have jumped past timers that have not run. */
  sweep(): void {
    let any = false;
    for (const prompt of this.all()) {
      any = prompt.sweep() || any;
      if (!prompt.expired || prompt.deciding) continue;
      prompt.settleAll({ kind: 'pending' });
      this.remove(prompt, gone.expired);
      this.#log.ended(prompt.id, { how: 'expired' });
      any = true;
    }
    if (any) this.#changed();
  }
  /** Every retry puts the end off, so the timer looks again when it runs. */
  #watchEnd(prompt: Prompt): void {
    prompt.stopTimer = this.#clock.after(Math.max(0, prompt.endsAt - this.#clock.now()), () => {
      this.sweep();
      if (this.#prompts.has(prompt.id)) this.#watchEnd(prompt);
    });
  }
}
