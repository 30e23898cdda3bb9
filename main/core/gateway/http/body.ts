import type { IncomingMessage, ServerResponse } from 'node:http';
import { idOf, TooLong } from '../../codec/wire/lines.ts';

/** How much of a refused body is still read and thrown away, so that the client gets to read the refusal. */
const DRAIN_BYTES = 256 * 1024 * 1024;
/** What is kept of both ends of such a body. */
const ENDS = 4096;
/** Bodies up to this never wait for room: an answer to a server's question must get through. */
const SMALL = 64 * 1024;

/** A body that was too large; its raw id is that of its message, where one of its ends shows it. */
export interface Oversized {
  readonly id: string | undefined;
}

/**
 * Reads a request's body; one larger than `max` is read and thrown away.
 * @throws when the client breaks off
 */
export function readBody(request: IncomingMessage, max: number): Promise<Buffer | Oversized> {
  return new Promise((done, fail) => {
    let parts: Buffer[] = [];
    let size = 0;
    let over: Ends | undefined;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= max) {
        parts.push(part);
        return;
      }
      if (!over) {
        over = new Ends();
        for (const kept of parts) over.add(kept);
        parts = [];
      }
      over.add(part);
      if (size > DRAIN_BYTES) {
        done({ id: over.id(size) });
        request.destroy();
      }
    });
    request.on('end', () => {
      if (over) done({ id: over.id(size) });
      else done(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
    });
    request.on('error', fail);
    request.on('aborted', () => fail(new Error('The client broke off its request.')));
  });
}

/** The first and the last bytes of something long. */
class Ends {
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  add(part: Buffer): void {
    if (this.#head.length < ENDS) {
      this.#head = Buffer.concat([this.#head, part.subarray(0, ENDS - this.#head.length)]);
    }
    this.#tail = Buffer.from(Buffer.concat([this.#tail, part.subarray(-ENDS)]).subarray(-ENDS));
  }

  id(size: number): string | undefined {
    return idOf(new TooLong(size, this.#head, this.#tail));
  }
}

/**
 * How much of large bodies is under way at once: a server that takes its messages slowly makes the next ones wait on the
 * client's side, not in memory. Counted for each client and server, from before a body is read until its POST is over.
 */
export class BodyRoom {
  readonly #max: number;
  readonly #rooms = new Map<string, { used: number; waiting: (() => void)[] }>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Resolves when the body may be read, never when its client leaves before; undefined when that is now. */
  enter(
    of: { readonly client: string; readonly server: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> | undefined {
    const declared = request.headers['content-length'];
    const size = declared === undefined ? SMALL + 1 : Number(declared);
    if (size <= SMALL) return undefined;
    const key = JSON.stringify([of.client, of.server]);
    const room = this.#rooms.get(key) ?? { used: 0, waiting: [] };
    this.#rooms.set(key, room);
    const fits = (): boolean => room.used === 0 || room.used + size <= this.#max;
    let entered = false;
    const go = (): void => {
      entered = true;
      room.used += size;
    };
    let next: (() => void) | undefined;
    response.on('close', () => {
      if (entered) room.used -= size;
      else room.waiting = room.waiting.filter((each) => each !== next);
      room.waiting[0]?.();
      if (room.used === 0 && room.waiting.length === 0 && this.#rooms.get(key) === room)
        this.#rooms.delete(key);
    });
    if (room.waiting.length === 0 && fits()) {
      go();
      return undefined;
    }
    return new Promise((done) => {
      next = () => {
        if (!fits()) return;
        room.waiting.shift();
        go();
        done();
        room.waiting[0]?.();
      };
      room.waiting.push(next);
    });
  }
}
