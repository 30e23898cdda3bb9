import { valueDigest } from '../codec/index.ts';
import type { JsonObject } from '../codec/types.ts';
import { hidesText } from '../pins/hidden-text.ts';

/** These change without changing what the tool does, and no model is shown them. */
const BESIDE = ['_meta', 'icons'];

/**
 * What a definition promises: everything a server says about a tool but `_meta` and `icons`; also members that no
 * specification knows, since a client may show them to its model. A `_meta` or icon that hides text belongs to it, so that
 * it is judged like any other change.
 */
export function pinnedOf(definition: JsonObject): JsonObject {
  const pinned: JsonObject = Object.create(null);
  for (const key of Object.keys(definition)) {
    const value = definition[key];
    if (value === undefined || (BESIDE.includes(key) && !hidesText(value))) continue;
    pinned[key] = value;
  }
  return pinned;
}

/** SHA-256 (hex) over the canonical JSON (RFC 8785) of {@link pinnedOf}. */
export function digestOf(definition: JsonObject): string {
  return valueDigest(pinnedOf(definition));
}
