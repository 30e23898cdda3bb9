import type { IncomingMessage } from 'node:http';

/** How much of a refused body is still taken off the line, so that the client gets to read the refusal. */
const DRAIN_BYTES = 256 * 1024 * 1024;

/**
 * Reads a request's body. Undefined when it is larger than `max`: that is known before all of it is buffered, from its
 * declared length or as soon as that much came.
 * @throws when the client breaks off
 */
export function readBody(request: IncomingMessage, max: number): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > max) {
    drain(request);
    return Promise.resolve(undefined);
  }
  return new Promise((done, fail) => {
    let parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      if (size > max) return;
      size += part.length;
      if (size <= max) {
        parts.push(part);
        return;
      }
      parts = [];
      drain(request);
      done(undefined);
    });
    request.on('end', () => done(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
    request.on('error', fail);
    request.on('aborted', () => fail(new Error('The client broke off its request.')));
  });
}

function drain(request: IncomingMessage): void {
  let left = DRAIN_BYTES;
  request.on('data', (part: Buffer) => {
    left -= part.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
