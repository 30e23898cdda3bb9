import { isObject } from '../../../../shared/base/is-object.ts';
import type { RpcMessage } from '../../codec/types.ts';

/** Statuses by which servers say that they do not know a session, with a body that says so; 404 and 410 need none. */
const WITH_WORDS = new Set([400, 401, 403, 422, 500]);
/** JSON-RPC codes of the same: invalid request, and those of SDKs. */
const CODES = new Set<unknown>([-32600, -32000, -32001, -32602]);

const GONE =
  '(?:not found|not exist|unknown|invalid|not valid|no longer valid|expired|terminated|closed|has ended|not initialized|missing)';
const SAYS = new RegExp(
  `^(?:[\\w ]{0,30}: ?)?(?:server not initialized|(?:no|missing|unknown|invalid|expired|bad) (?:valid |such |or expired )?(?:mcp[- ])?session\\b.{0,80}|(?:the )?(?:mcp[- ])?session(?: ?id)?\\b.{0,80}\\b${GONE}\\b.{0,80})$`,
  'is',
);

/**
 * Whether an HTTP error to a message of a session means that the server no longer knows the session.
 * @param body asked for only where the status alone does not tell: it may take long to arrive
 */
export async function endsSession(status: number, body: () => Promise<Buffer>): Promise<boolean> {
  if (status === 404 || status === 410) return true;
  return WITH_WORDS.has(status) && saysSession(wordsOf(await body()));
}

/** The same for an error that comes as the answer to a request. Errors of tools are results, and never meant here. */
export function answersWithoutSession(answer: RpcMessage): boolean {
  if (!answer.isError) return false;
  const { error } = answer.value();
  return isObject(error) && CODES.has(error.code) && saysSession(String(error.message));
}

/** The same promise for every caller. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function saysSession(text: string): boolean {
  return SAYS.test(text.trim());
}

/** The text of an error body: of its JSON where it is that. */
function wordsOf(body: Buffer): string {
  const text = body.toString('utf8', 0, 2000);
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return String(value);
    const { error, message, detail } = value;
    if (isObject(error)) return String(error.message);
    return String(message ?? detail ?? error);
  } catch {
    // Plain words.
    return text;
  }
}
