import { isObject } from '../../../../shared/base/is-object.ts';
import type { Json } from '../../codec/types.ts';

/** Keywords of JSON Schema under which an object may have one more member, whatever they say. */
const HARMLESS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'type',
  'required',
  'minProperties',
]);

/**
 * Whether an object that fits an output schema certainly still fits when it has a member `name` more. Keywords that are not
 * known to be harmless are taken for an obstacle.
 * @param schema of the tool's definition; undefined where it has none
 */
export function admits(schema: Json | undefined, name: string): boolean {
  if (schema === undefined) return true;
  if (!isObject(schema)) return false;
  return Object.entries(schema).every(([keyword, value]) => {
    if (HARMLESS.has(keyword)) return true;
    if (keyword === 'properties') return isObject(value) && !Object.hasOwn(value, name);
    if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties')
      return value === true || (isObject(value) && Object.keys(value).length === 0);
    return false;
  });
}
