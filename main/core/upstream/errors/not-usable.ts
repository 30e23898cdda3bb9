import { UpstreamError } from '../types.ts';

/** A server that speaks HTTP+SSE and cannot be used all the same. */
export class NotUsable extends UpstreamError {}
