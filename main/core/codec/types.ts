/** A JSON value as policy sees it. Numbers that a double cannot hold exactly keep their digits in the raw text. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Byte offsets [start, end) into a message's raw bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ToolCall {
  /** `params.name`, exactly as sent. */
  readonly name: string;
  /** `params.arguments`; `{}` when absent. Objects have a null prototype. */
  readonly arguments: JsonObject;
  /** The raw JSON text of the arguments (`{}` when absent). */
  argumentsText(): string;
  /** SHA-256 (hex) of the canonical arguments (RFC 8785; numbers a double cannot hold keep their literal). */
  argumentsDigest(): string;
  /**
   * SHA-256 (hex) over every other member of `params` but `_meta` (`inputResponses`, `requestState`, `task`, unknown ones):
   * they can turn it into another call. Undefined when there is none.
   */
  extrasDigest(): string | undefined;
  /** The names of those members, in the order they came. */
  readonly extras: readonly string[];
}

/** What `params._meta` says under `io.modelcontextprotocol/` (MCP 2026-07-28, overview, _meta). */
export interface RpcMeta {
  /** Null when it is there and not a string. */
  protocolVersion: string | null | undefined;
  /** `clientCapabilities` is there, and an object. */
  hasCapabilities: boolean;
  /** Where `clientInfo` stands in the message, when it is an object. */
  clientInfo: Span | undefined;
  hasLogLevel: boolean;
  /** The raw JSON text, which equals an id's. */
  subscriptionId: string | undefined;
}

/** One JSON-RPC message, parsed once and strictly; `raw` are the bytes that are forwarded. */
export interface RpcMessage {
  readonly raw: Buffer;
  readonly kind: 'request' | 'notification' | 'response';
  /** Raw JSON text of `id` (`1`, `"a"`): the key under which it is looked up, and what an answer repeats. */
  readonly id: string | undefined;
  readonly method: string | undefined;
  /** Set exactly for `tools/call` requests. */
  readonly call: ToolCall | undefined;
  /** Raw JSON text of `params._meta.progressToken` of a request, or of `params.progressToken` of a progress notification. */
  readonly progressToken: string | undefined;
  /** Undefined when `params._meta` says nothing under the protocol's own prefix. */
  readonly meta: RpcMeta | undefined;
  /** Raw JSON text of `params.requestId` of notifications/cancelled. */
  readonly cancels: string | undefined;
  /** For responses: whether it is an error. */
  readonly isError: boolean;
  /** Parses the whole message (lossy for numbers beyond a double). Only for methods the gateway must understand. */
  value(): JsonObject;
}

export interface CodecFault {
  /** JSON-RPC error code: -32700 not JSON, -32600 not a message, -32602 bad params. */
  readonly code: number;
  /** What is wrong and where, for the one who sent it. */
  readonly message: string;
  /** Raw id text, where it could be read without doubt. */
  readonly id: string | undefined;
}

export type Parsed =
  | { readonly ok: true; readonly message: RpcMessage }
  | { readonly ok: true; readonly batch: readonly RpcMessage[] }
  | { readonly ok: false; readonly fault: CodecFault };
