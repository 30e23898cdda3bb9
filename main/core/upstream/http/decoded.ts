import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';
import * as zlib from 'node:zlib';
import { Reason } from '../errors/network-errors.ts';

/** An answer whose body is unpacked: what the server meant. */
export type HttpAnswer = Readable & Pick<IncomingMessage, 'statusCode' | 'headers' | 'headersDistinct'>;

/** As fetch allows; more codings in a row are an attack. */
const MAX_CODINGS = 5;
/** An answer of more bytes than this must not be more than {@link BOMB_RATIO} times what came over the network. */
const BOMB_BYTES = 64 * 1024 * 1024;
const BOMB_RATIO = 100;

/** What is flushed comes through at once, and an end that is cut off is no error: as fetch does it. */
const ZLIB = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const BROTLI = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};
type Unpack = (first: Buffer) => Transform;
const gzip: Unpack = () => zlib.createGunzip(ZLIB);
/** With the envelope of zlib as RFC 9110 has it, or without, as some servers send it. */
const deflate: Unpack = (first) =>
  ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(ZLIB) : zlib.createInflateRaw(ZLIB);
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip,
  'x-gzip': gzip,
  deflate,
  'x-deflate': deflate,
  br: () => zlib.createBrotliDecompress(BROTLI),
  // Electron's Node of the tests is older.
  ...(typeof zlib.createZstdDecompress === 'function' ? { zstd: () => zlib.createZstdDecompress() } : {}),
};

/**
 * Undoes the content encodings of an answer (RFC 9110, 8.4), which servers and caches use unasked. Where nothing is encoded
 * the answer itself comes back. An encoding that is not known, or a body that grows without limit, is an error of the
 * body, with a {@link Reason}.
 */
export function decoded(answer: IncomingMessage): HttpAnswer {
  const codings = (answer.headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0) return answer;
  const { 'content-encoding': _coding, 'content-length': _length, ...headers } = answer.headers;
  const { statusCode, headersDistinct } = answer;
  const measure: Measure = { packed: 0, unpacked: 0 };
  const last = Object.assign(new Measured(measure, 'unpacked'), { statusCode, headers, headersDistinct });
  // A body that is not read may still break, which must not end the process. Readers see it themselves.
  last.on('error', () => {});
  const refusal = refusalOf(codings);
  const unpacked =
    refusal === undefined ? codings.reverse().map((each) => new Unpacked(UNPACK[each] as Unpack)) : [];
  pipeline([answer, new Measured(measure, 'packed'), ...unpacked, last], () => {});
  if (refusal !== undefined) process.nextTick(() => last.destroy(new Reason(refusal)));
  return last;
}

function refusalOf(codings: readonly string[]): string | undefined {
  if (codings.length > MAX_CODINGS)
    return `it is packed ${codings.length} times; at most ${MAX_CODINGS} are undone`;
  const unknown = codings.find((coding) => !UNPACK[coding]);
  return unknown === undefined
    ? undefined
    : `it has the content encoding ${JSON.stringify(unknown.slice(0, 40))}, which is not known here`;
}

interface Measure {
  packed: number;
  unpacked: number;
}

/** Counts what passes, and stops what grows without limit. */
class Measured extends Transform {
  readonly #measure: Measure;
  readonly #what: keyof Measure;

  constructor(measure: Measure, what: keyof Measure) {
    super();
    this.#measure = measure;
    this.#what = what;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const measure = this.#measure;
    measure[this.#what] += chunk.length;
    const bomb = measure.unpacked > BOMB_BYTES && measure.unpacked > measure.packed * BOMB_RATIO;
    if (bomb) done(new Reason(`it grows more than ${BOMB_RATIO} times when it is unpacked`));
    else done(null, chunk);
  }
}

/** Undoes one coding. An empty body stays empty, though it may name a coding. */
class Unpacked extends Transform {
  readonly #unpack: Unpack;
  #inner: Transform | undefined;

  constructor(unpack: Unpack) {
    super();
    this.#unpack = unpack;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#inner ??= this.#begin(chunk);
    this.#inner.write(chunk, () => done());
  }

  override _flush(done: TransformCallback): void {
    if (this.#inner) this.#inner.once('end', () => done()).end();
    else done();
  }

  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  #begin(first: Buffer): Transform {
    const inner = this.#unpack(first);
    inner.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('error', (error) => this.destroy(error));
    return inner;
  }
}
