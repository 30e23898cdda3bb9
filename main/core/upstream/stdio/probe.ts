import type { RpcMessage } from '../../codec/types.ts';
import type { Clock } from '../../ports.ts';
import { eraOf, helloParams, modernRequest } from '../discover.ts';
import { ownRequest } from '../messages.ts';
import { type CloseReason, type Era, type UpstreamConnection, UpstreamError } from '../types.ts';

/** Times in milliseconds. */
export interface ProbeTimes {
  /** How long `server/discover` may go unanswered before `initialize` is sent after it. */
  readonly quietMs: number;
  /** How long after an answer to `initialize` the one to `server/discover` may still come. */
  readonly graceMs: number;
  /** For the whole start of a server: a first `npx` or `uvx` downloads the package. */
  readonly startMs: number;
}
export const PROBE_TIMES: ProbeTimes = { quietMs: 2500, graceMs: 250, startMs: 60_000 };

/** `firm`: the server showed it. Otherwise it only kept silent, which may have other reasons. */
export interface Verdict {
  readonly era: Era;
  readonly firm: boolean;
}

const DISCOVER = 'drawbridge-discover';
const HELLO = 'drawbridge-hello';

/**
 * Asks a stdio server for its era on processes that serve nothing else (MCP 2026-07-28, transports, stdio, backward
 * compatibility). Silence alone does not tell a slow start from a server that ignores what it does not know, so
 * `initialize` follows: a server takes its messages in order, so a server that answers this one and not the first is legacy.
 * A server that ends on the first message is started once more with `initialize` alone, which distinguishes a legacy server
 * from one that does not run at all.
 * @param start opens a connection of its own; each is closed, which may take longer than the verdict
 * @throws UpstreamError when the server does not start or does not run
 */
export async function probeStdio(
  start: () => Promise<UpstreamConnection>,
  clock: Pick<Clock, 'after'>,
  times: ProbeTimes = PROBE_TIMES,
): Promise<Verdict> {
  const asked = await ask(await start(), clock, times, true);
  if (!('ended' in asked)) return asked;
  if (asked.ended.expected) throw new UpstreamError('unsent', asked.ended.message);
  const hello = await ask(await start(), clock, times, false);
  if (!('ended' in hello)) return hello;
  throw new UpstreamError('failed', hello.ended.message);
}

function ask(
  connection: UpstreamConnection,
  clock: Pick<Clock, 'after'>,
  times: ProbeTimes,
  discover: boolean,
): Promise<Verdict | { ended: CloseReason }> {
  const hello = ownRequest(HELLO, 'initialize', helloParams());
  const probe = modernRequest(DISCOVER, 'server/discover');
  const cancels: (() => void)[] = [];
  const answer = new Promise<Verdict | { ended: CloseReason }>((done) => {
    const later = (ms: number, fn: () => void): void => void cancels.push(clock.after(ms, fn));
    // A message that cannot be written means that the process ends, of which `onClose` tells.
    const say = (message: RpcMessage): void => void connection.send(message).catch(() => {});
    connection.onClose((ended) => done({ ended }));
    connection.onMessage((message) => {
      if (message.kind !== 'response') return;
      if (message.id === probe.id) done({ era: eraOf(message.value()), firm: true });
      else if (message.id === hello.id) {
        later(discover ? times.graceMs : 0, () => done({ era: 'legacy', firm: true }));
      } else if (message.id === 'null' && message.isError) done({ era: 'legacy', firm: true });
    });
    if (discover) {
      say(probe);
      later(times.quietMs, () => say(hello));
    } else say(hello);
    later(times.startMs, () => done({ era: 'legacy', firm: false }));
  });
  return answer.finally(() => {
    for (const cancel of cancels) cancel();
    // The verdict does not wait for a server that takes its time to end.
    void connection.close();
  });
}
