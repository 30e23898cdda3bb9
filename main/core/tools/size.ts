import { tools } from '../../../shared/text/core/tools.ts';
import type { Json, JsonObject } from '../codec/types.ts';
import { UpstreamError } from '../upstream/types.ts';

/** Values in one definition, its nested ones included. The largest definitions in the wild have a few thousand. */
const MAX_VALUES = 100_000;
/** Of a tool's name in the error. */
const MAX_NAME = 100;

/**
 * Refuses a list with a definition so large that judging it would keep everybody else waiting: nothing of the list is
 * used then. Looks at no more values than are allowed.
 * @throws UpstreamError
 */
export function checkSize(server: string, definitions: readonly JsonObject[]): void {
  for (const definition of definitions) {
    if (isWithin(definition)) continue;
    const { name } = definition;
    const quoted = typeof name === 'string' ? JSON.stringify(name.slice(0, MAX_NAME)) : undefined;
    throw new UpstreamError('failed', tools.tooLarge(server, quoted, MAX_VALUES));
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
