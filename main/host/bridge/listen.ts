import { GatewayGone } from './gateway-http.ts';
import type { Link } from './link.ts';
import { pause } from './pause.ts';

/** When the gateway says nothing else (WHATWG HTML, server-sent events: "a few seconds"; on this machine it costs little). */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;
/** A stream that breaks is taken up soon: either the core died, which is seen by that, or messages wait. */
const BROKEN_MS = 100;
const MAX_BROKEN_MS = 5000;

/**
 * Keeps the stream for what belongs to no request open for as long as the link lives, each time after the last event
 * seen (MCP 2025-11-25, transports, resumability). Resolves when the link is over or the gateway offers no such stream.
 * @param take awaited before more is read
 */
export async function keepListening(link: Link, take: (message: Buffer) => Promise<void>): Promise<void> {
  const signal = link.over;
  let lastId: string | undefined;
  let broken = BROKEN_MS;
  while (!signal.aborted) {
    let wait = RETRY_MS;
    try {
      const answer = await link.open(lastId, signal);
      if (answer.status !== 200 || !answer.streams) {
        answer.drop();
        // 405: there is no such stream, which is allowed. 404: the session is gone.
        if (answer.status === 404) link.lose();
        return;
      }
      broken = BROKEN_MS;
      try {
        for await (const message of answer.messages()) await take(message);
      } finally {
        lastId = answer.lastId ?? lastId;
      }
      wait = Math.min(answer.retry ?? RETRY_MS, MAX_RETRY_MS);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayGone)) throw error;
      wait = broken;
      broken = Math.min(broken * 2, MAX_BROKEN_MS);
    }
    await pause(wait, signal);
  }
}
