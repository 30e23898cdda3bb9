import type { JSONPath } from 'jsonc-parser';
import type { PolicyEntry, PolicyLimit } from '../../../../shared/schemas/policy.ts';
import { applicable, entryIn } from '../judge/applicable.ts';
import type { CompiledPolicy, Entry } from '../language/compile.ts';
import { rateLimitParts } from '../language/limits.ts';

/** Where a rule for one tool goes. */
export interface Place {
  /** Path of the tool's own entry in the document. */
  readonly at: JSONPath;
  /** What applies there so far, as an entry of the tool's own. */
  readonly entry: PolicyEntry;
  /** Whether the document has that entry already; else it is written again. */
  readonly exists: boolean;
}

/**
 * The entry for one client, or the base entry and those of every client that has rules or a default of its own. What came from
 * a pattern or from the default is written out: a new entry takes their place, and must go on saying what they said.
 */
export function placesFor(
  policy: CompiledPolicy,
  server: string,
  tool: string,
  clientId: string | null,
): Place[] {
  const writer = new Places(policy, server);
  if (clientId !== null) {
    const { entry, fallback } = applicable(policy, clientId, tool);
    const own = policy.clients.get(clientId)?.exact.get(tool);
    return [writer.place(['clients', clientId, 'tools', tool], own, entry, fallback.action)];
  }
  const base = entryIn(policy.base, tool);
  const own = policy.base.exact.get(tool);
  const places = [writer.place(['tools', tool], own, base, policy.base.default ?? 'deny')];
  for (const [id, layer] of policy.clients) {
    const entry = entryIn(layer, tool);
    // A base entry beats a client's default, so where there was none that default has to be said at the tool.
    if (entry === null && (layer.default === null || base !== null)) continue;
    const at = ['clients', id, 'tools', tool];
    places.push(writer.place(at, layer.exact.get(tool), entry, layer.default ?? 'deny'));
  }
  return places;
}

/** Makes the places in one document of one server. */
class Places {
  readonly #policy: CompiledPolicy;
  readonly #server: string;

  constructor(policy: CompiledPolicy, server: string) {
    this.#policy = policy;
    this.#server = server;
  }

  /** @param own the tool's own entry there; @param applies the entry that applies, which may be a pattern's */
  place(at: JSONPath, own: Entry | undefined, applies: Entry | null, fallback: PlainAction): Place {
    if (own !== undefined) return { at, entry: rawEntry(this.#policy, own), exists: true };
    if (applies === null)
      return { at, entry: fallback === 'allow' ? {} : { action: fallback }, exists: false };
    const entry = sameCounts(rawEntry(this.#policy, applies), applies.pointer, this.#server);
    return { at, entry, exists: false };
  }
}

type PlainAction = 'allow' | 'ask' | 'deny';

/** The entry as the document has it. */
function rawEntry({ document }: CompiledPolicy, entry: Entry): PolicyEntry {
  const [, first = '', second = ''] = entry.pointer.split('/');
  const client = first === 'clients' ? second.replaceAll('~1', '/').replaceAll('~0', '~') : undefined;
  const tools = client === undefined ? document.tools : document.clients?.[client]?.tools;
  return tools?.[entry.key] ?? {};
}

/**
 * A limit without a counter of its own counts under its place in the document. In a copy it names that count, so that both
 * go on sharing it: else a rule made from one call, or a click on one tool, would double what a limit lets through.
 */
export function sameCounts(entry: PolicyEntry, pointer: string, server: string): PolicyEntry {
  const { rate_limit, limits, ...rest } = entry;
  const named: PolicyLimit[] = (limits ?? []).map((limit, i) => ({
    counter: `${server} ${pointer}/limits/${i}`,
    ...limit,
  }));
  if (rate_limit !== undefined)
    named.push({ counter: `${server} ${pointer}/rate_limit`, ...rateLimitParts(rate_limit) });
  return named.length === 0 ? rest : { ...rest, limits: named };
}
