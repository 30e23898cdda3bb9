import type { Clock } from '../../ports.ts';
import { explain } from '../http-exchange.ts';
import { SignInError } from './types.ts';

const LIMIT_MS = 20_000;
const MAX_BYTES = 1024 * 1024;

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` for metadata and tokens: 20 seconds and 1 MB at most, no cookies, redirects left to the caller.
 * @param allow throws for an address that must not be asked
 * @throws SignInError `later` when the other side cannot be reached or does not answer
 */
export function boundedFetch(clock: Pick<Clock, 'after'>, allow: (url: URL) => void): Fetch {
  return async (input, init) => {
    const url = new URL(input);
    allow(url);
    const limit = new AbortController();
    const cancel = clock.after(LIMIT_MS, () => limit.abort());
    try {
      const answer = await fetch(url, {
        redirect: 'manual',
        ...init,
        credentials: 'omit',
        signal: limit.signal,
      });
      const body = await readAll(answer, url);
      const empty = [101, 204, 205, 304].includes(answer.status);
      return new Response(empty ? null : body, { status: answer.status, headers: answer.headers });
    } catch (error) {
      if (error instanceof SignInError) throw error;
      const { cause } = error as { cause?: unknown };
      const why = limit.signal.aborted
        ? `it did not answer within ${LIMIT_MS / 1000} seconds`
        : explain((cause ?? error) as NodeJS.ErrnoException);
      throw new SignInError('later', `${url.origin} could not be asked: ${why}.`);
    } finally {
      cancel();
    }
  };
}

async function readAll(answer: Response, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MAX_BYTES)
      throw new SignInError('refused', `${url.origin} sent an answer larger than ${MAX_BYTES} bytes.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
