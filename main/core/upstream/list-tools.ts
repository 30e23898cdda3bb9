import { isObject } from '../../../shared/base/is-object.ts';
import { AmbiguousList, readToolList, type ToolList } from '../codec/index.ts';
import type { JsonObject, RpcMessage } from '../codec/types.ts';
import { CursorWalk } from './cursor-walk.ts';
import { helloParams } from './discover.ts';
import { ownNotification } from './messages.ts';
import { METHOD_NOT_FOUND, Peer, Refusal } from './peer.ts';
import { type Era, type UpstreamConnection, UpstreamError, type Upstreams } from './types.ts';

const LIMIT_MS = 60_000;

/**
 * Asks a server for all its tools on a connection that is opened and closed for it, in the era the server speaks.
 * @throws UpstreamError as {@link listTools}, or when the server does not start
 */
export async function listServerTools(
  upstreams: Pick<Upstreams, 'connect' | 'era' | 'note'>,
  server: string,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<JsonObject[]> {
  const list = async (era: Era): Promise<JsonObject[]> => {
    const connection = await upstreams.connect(server, era);
    try {
      return await listTools(connection, signal, limitMs, era, (text) => upstreams.note?.(server, text));
    } finally {
      await connection.close();
    }
  };
  try {
    return await list('legacy');
  } catch (error) {
    // Most servers take an initialize; one that refuses it may speak modern revisions only.
    const refused =
      error instanceof UpstreamError && (error instanceof Refusal || error.status !== undefined);
    if (!refused || error.kind === 'signin' || (await upstreams.era(server)) !== 'modern') throw error;
    return list('modern');
  }
}

/**
 * Asks a server for all its tools, as the client `drawbridge`, on a fresh connection. The caller closes the connection.
 * @param limitMs time for everything together; long enough for a first start that installs a package
 * @param note a line for the server's log
 * @returns the definitions in the server's order; none when the server has no tools
 * @throws UpstreamError when the server ends, refuses, or takes too long
 */
export async function listTools(
  connection: UpstreamConnection,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
  era: Era = 'legacy',
  note: (text: string) => void = () => {},
): Promise<JsonObject[]> {
  const overtime = AbortSignal.timeout(limitMs);
  const peer = new Peer(connection, era, AbortSignal.any([signal, overtime]), () =>
    overtime.aborted
      ? `The server "${connection.server}" did not answer within ${limitMs / 1000} seconds.`
      : 'Asking the server for its tools was cancelled.',
  );
  if (era === 'legacy') {
    const { result } = (await peer.ask('initialize', helloParams()))?.value() ?? {};
    const protocolVersion = isObject(result) ? result.protocolVersion : undefined;
    if (typeof protocolVersion === 'string') connection.setProtocolVersion(protocolVersion);
    await peer.tell(ownNotification('notifications/initialized'));
  }
  const tools: JsonObject[] = [];
  const walk = new CursorWalk(connection.server, note);
  for (let params: JsonObject = {}; ; ) {
    let answer: RpcMessage | undefined;
    try {
      answer = await peer.ask('tools/list', params, METHOD_NOT_FOUND);
    } catch (error) {
      // As for a client that shows the first page: what is on the pages before is there.
      if (!('cursor' in params) || !(error instanceof Refusal)) throw error;
      note(`Not all of its tools are known: ${error.message}.`);
    }
    if (!answer) return tools;
    const page = read(connection.server, answer);
    tools.push(...page.tools);
    const cursor = walk.next(page);
    if (cursor === undefined) return tools;
    if (walk.tooLong) throw new UpstreamError('failed', walk.whyTooLong);
    params = { cursor };
  }
}

/** As clients' lists are read: what is shown and classified is what every reader sees. */
function read(server: string, answer: RpcMessage): ToolList {
  try {
    return readToolList(answer.raw, () => true);
  } catch (error) {
    if (!(error instanceof AmbiguousList)) throw error;
    throw new UpstreamError('failed', `The tools of the server "${server}" cannot be read: ${error.message}`);
  }
}
