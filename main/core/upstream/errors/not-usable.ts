import { UpstreamError } from '../types.ts';

/** A server that speaks HTTP+SSE but cannot be used. */
export class NotUsable extends UpstreamError {}
