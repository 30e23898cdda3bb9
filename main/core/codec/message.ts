import { canonicalDigest } from './canonical/canonical.ts';
import { Scanner } from './scanner.ts';
import type { JsonObject, RpcMessage, RpcMeta, Span, ToolCall } from './types.ts';

/** How deep a message may be for {@link RpcMessage.value}: far beyond real ones, and safe for recursion. */
const VALUE_DEPTH = 1000;

/** What a scan of an envelope found. */
export interface Found {
  kind: RpcMessage['kind'];
  id: string | undefined;
  method: string | undefined;
  call: ToolCall | undefined;
  progressToken: string | undefined;
  meta: RpcMeta | undefined;
  cancels: string | undefined;
  isError: boolean;
}

export class Message implements RpcMessage {
  readonly raw: Buffer;
  readonly kind: RpcMessage['kind'];
  readonly id: string | undefined;
  readonly method: string | undefined;
  readonly call: ToolCall | undefined;
  readonly progressToken: string | undefined;
  readonly meta: RpcMeta | undefined;
  readonly cancels: string | undefined;
  readonly isError: boolean;

  constructor(raw: Buffer, found: Found) {
    this.raw = raw;
    this.kind = found.kind;
    this.id = found.id;
    this.method = found.method;
    this.call = found.call;
    this.progressToken = found.progressToken;
    this.meta = found.meta;
    this.cancels = found.cancels;
    this.isError = found.isError;
  }

  value(): JsonObject {
    return new Scanner(this.raw).object(VALUE_DEPTH, 'any');
  }
}

/** A member of a call's params. */
export interface Member extends Span {
  readonly name: string;
}

const NO_EXTRAS: readonly Member[] = [];

export class Call implements ToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
  readonly #raw: Buffer;
  readonly #span: Span | undefined;
  readonly #extras: readonly Member[];
  #digest: string | undefined;

  constructor(
    name: string,
    args: JsonObject,
    raw: Buffer,
    span: Span | undefined,
    extras: readonly Member[] = NO_EXTRAS,
  ) {
    this.name = name;
    this.arguments = args;
    this.#raw = raw;
    this.#span = span;
    this.#extras = extras;
  }

  get extras(): readonly string[] {
    return this.#extras.map(({ name }) => name);
  }

  extrasDigest(): string | undefined {
    if (this.#extras.length === 0) return undefined;
    const members = this.#extras.map(
      ({ name, start, end }) => `${JSON.stringify(name)}:${this.#raw.toString('utf8', start, end)}`,
    );
    return canonicalDigest(`{${members.join(',')}}`);
  }

  argumentsText(): string {
    return this.#span ? this.#raw.toString('utf8', this.#span.start, this.#span.end) : '{}';
  }

  argumentsDigest(): string {
    this.#digest ??= canonicalDigest(
      this.#span ? this.#raw.subarray(this.#span.start, this.#span.end) : '{}',
    );
    return this.#digest;
  }
}
