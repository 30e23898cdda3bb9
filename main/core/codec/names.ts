import { INVALID_REQUEST, METHOD_NOT_FOUND, Refusal } from './fault.ts';
import { foldable, folded } from './look-alike-keys.ts';

/** Members whose twins could make another reader see another message. */
export const ENVELOPE = knownKeys('jsonrpc', 'id', 'method', 'params', 'result', 'error');
export const CALL_PARAMS = knownKeys('name', 'arguments', '_meta', 'task', 'inputResponses', 'requestState');
export const PARAMS = knownKeys(
  '_meta',
  'progressToken',
  'requestId',
  'cursor',
  'protocolVersion',
  'clientInfo',
);
/** Of the methods that name a task (the tasks extension, io.modelcontextprotocol/tasks). */
export const TASK_PARAMS = knownKeys('_meta', 'taskId', 'inputResponses');
/** Keys of the protocol in `_meta` (MCP 2026-07-28, overview, _meta). */
export const META_PREFIX = 'io.modelcontextprotocol/';
export const META = knownKeys(
  'progressToken',
  ...['protocolVersion', 'clientInfo', 'clientCapabilities', 'logLevel', 'subscriptionId'].map(
    (key) => META_PREFIX + key,
  ),
);
/** Of a tools/list answer, and of one tool in it. */
export const RESULT = knownKeys('tools', 'nextCursor', 'resultType', 'ttlMs', 'cacheScope');
export const TOOL = knownKeys(
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
  'execution',
  'icons',
  '_meta',
);

interface KnownKeys {
  readonly exact: ReadonlySet<string>;
  readonly folds: ReadonlySet<string>;
}
function knownKeys(...keys: string[]): KnownKeys {
  return { exact: new Set(keys), folds: new Set(keys.map(folded)) };
}

/** Refuses keys that are there twice and look-alikes of known keys, in one object whose values are not read. */
export class KeyGuard {
  readonly #known: KnownKeys;
  readonly #where: string;
  readonly #seen = new Set<string>();

  constructor(known: KnownKeys, where: string) {
    this.#known = known;
    this.#where = where;
  }

  see(key: string, at: number): void {
    if (this.#seen.has(key)) {
      throw new Refusal(
        INVALID_REQUEST,
        `The key ${JSON.stringify(key)} is there twice in ${this.#where}, at byte ${at}`,
      );
    }
    this.#seen.add(key);
    if (this.#known.exact.has(key)) return;
    const twin = foldable(key)
      ? key.includes('\0') || this.#known.folds.has(folded(key))
      : this.#known.folds.has(key);
    if (twin) {
      throw new Refusal(
        INVALID_REQUEST,
        `The key ${JSON.stringify(key)} in ${this.#where} could be taken for another one, at byte ${at}`,
      );
    }
  }
}

/** Methods that the gateway treats specially: a variant of one must not slip past. */
const GOVERNED = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/call',
  'tools/list',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
]);

/** Refuses a method that a lenient server could take for one the gateway governs. */
export function checkMethod(method: string): void {
  if (GOVERNED.has(method)) return;
  if (!GOVERNED.has(plain(method)) && !/[\p{Cc}\p{Cf}]/u.test(method)) return;
  throw new Refusal(
    METHOD_NOT_FOUND,
    `The method ${JSON.stringify(method)} is not known; methods are written exactly`,
  );
}

function plain(method: string): string {
  return folded(method.normalize('NFKC').replace(/[\s\p{Cc}\p{Cf}]/gu, ''))
    .replace(/\/+/g, '/')
    .replace(/^\/|\/$/g, '');
}
