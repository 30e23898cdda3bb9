import type { Checks, CompiledPolicy, Entry, Layer } from '../language/compile.ts';
import { globMatches } from '../language/glob.ts';

/** What applies to one tool for one client; found once for each pair. */
export interface Applicable {
  readonly hidden: { readonly pointer: string; readonly pattern: string } | null;
  readonly entry: Entry | null;
  readonly fallback: { readonly action: 'allow' | 'ask' | 'deny'; readonly pointer: string };
  /** The entry's own checks, then `all_tools` of the document and of the overlay. */
  readonly checks: readonly Checks[];
}

/** Which entry and which hide rule apply: exact before pattern, more literal characters first; the overlay's before the base's. */
export function applicable(policy: CompiledPolicy, clientId: string, tool: string): Applicable {
  const overlay = policy.clients.get(clientId);
  const { base } = policy;
  const entry = (overlay && entryIn(overlay, tool)) ?? entryIn(base, tool);
  const layers = overlay === undefined ? [base] : [base, overlay];
  const hidden = layers.flatMap((layer) => layer.hide).find((h) => globMatches(h.pattern, tool)) ?? null;
  const fallback =
    overlay?.default != null
      ? { action: overlay.default, pointer: `${overlay.pointer}/default` }
      : { action: base.default ?? ('deny' as const), pointer: '/default' };
  const checks: Checks[] = entry === null ? [] : [entry];
  for (const layer of layers) if (layer.allTools !== null) checks.push(layer.allTools);
  return { hidden, entry, fallback, checks };
}

/** The entry of one layer for a tool: by its name, or by the most exact pattern. */
export function entryIn(layer: Layer, tool: string): Entry | null {
  return layer.exact.get(tool) ?? layer.globs.find((glob) => globMatches(glob.key, tool)) ?? null;
}
