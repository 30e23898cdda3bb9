import type { Json, JsonObject } from '../codec/types.ts';
import { UpstreamError } from '../upstream/types.ts';

/** Values in one definition, its nested ones included. The largest definitions in the wild have a few thousand. */
const MAX_VALUES = 100_000;

/**
 * Refuses a list with a definition so large that judging it would keep everybody else waiting: nothing of the list is
 * used then. Looks at no more values than are allowed.
 * @throws UpstreamError
 */
export function checkSize(server: string, definitions: readonly JsonObject[]): void {
  for (const definition of definitions) {
    if (isWithin(definition)) continue;
    const name =
      typeof definition.name === 'string' ? JSON.stringify(definition.name.slice(0, 100)) : 'a tool';
    throw new UpstreamError(
      'failed',
      `The server "${server}" describes ${name} with more than ${MAX_VALUES} values, which is too much to judge. Nothing of its list of tools is used.`,
    );
  }
}

function isWithin(definition: JsonObject): boolean {
  const rest: Json[] = [definition];
  let left = MAX_VALUES;
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const children = Array.isArray(value) ? value : Object.values(value);
    left -= children.length;
    if (left < 0) return false;
    for (const child of children) if (child !== undefined) rest.push(child);
  }
  return true;
}
