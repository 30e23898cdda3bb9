import type { ServerResponse } from 'node:http';

export const SSE_HEADERS = {
  'Content-Type': 'text/event-stream',
  // Proxies and clients must neither keep nor rewrite a stream (WHATWG HTML, server-sent events).
  'Cache-Control': 'no-cache, no-transform',
  // A proxy in between must not gather events (MCP 2026-07-28, transports, receiving messages).
  'X-Accel-Buffering': 'no',
} as const;

const BEFORE = Buffer.from('event: message\ndata: ');
const AFTER = Buffer.from('\n\n');
const COMMENT = ': keep-alive\n\n';

/** What clients are asked to wait before they connect again, ms: the gateway is on their machine. */
const RETRY_MS = 1000;

/** One event. A line break in a message can only be white space between its tokens, and would cut the event. */
export function event(raw: Buffer, id?: string): Buffer {
  const before = id === undefined ? BEFORE : Buffer.from(`event: message\nid: ${id}\ndata: `);
  return Buffer.concat([before, oneLine(raw), AFTER]);
}

/** An event without data (MCP 2025-11-25, transports, sending messages, 6): from its id the client can resume. */
export function primingEvent(id: string): Buffer {
  return Buffer.from(`id: ${id}\nretry: ${RETRY_MS}\ndata:\n\n`);
}

function oneLine(raw: Buffer): Buffer {
  if (!raw.includes(0x0a) && !raw.includes(0x0d)) return raw;
  const copy = Buffer.from(raw);
  for (let i = 0; i < copy.length; i++) if (copy[i] === 0x0a || copy[i] === 0x0d) copy[i] = 0x20;
  return copy;
}

/** Writes to a response; a promise when the client reads slower than we write, until it caught up or left. */
export function write(response: ServerResponse, data: Buffer): Promise<void> | undefined {
  if (response.write(data)) return undefined;
  return drained(response);
}

export function drained(response: ServerResponse): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      done();
    };
    response.on('drain', go).on('close', go);
  });
}

export function keepAlive(response: ServerResponse): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(COMMENT);
}
