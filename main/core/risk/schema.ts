import { isObject } from '../../../shared/base/is-object.ts';
import { nameTokens } from './tokens.ts';

/** One named input of a tool. */
export interface Parameter {
  readonly name: string;
  /** The name in one style: `filePath`, `file-path` and `file_path` are all `file_path`. */
  readonly key: string;
  readonly description: string;
  readonly isList: boolean;
  readonly isBoolean: boolean;
  readonly options: readonly string[];
}

const MAX_PARAMETERS = 200;
const MAX_DEPTH = 4;
const MAX_VISITS = 2000;

/** The parameters in a JSON Schema, nested ones too, up to a bound: schemas come from outside and may be endless. */
export function parametersOf(schema: unknown): Parameter[] {
  const found: Parameter[] = [];
  collect(schema, 0, found, { left: MAX_VISITS });
  return found;
}

function collect(schema: unknown, depth: number, found: Parameter[], visits: { left: number }): void {
  if (!isObject(schema) || depth > MAX_DEPTH || --visits.left < 0) return;
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[key];
    if (Array.isArray(list)) for (const one of list.slice(0, 20)) collect(one, depth + 1, found, visits);
  }
  if (isObject(schema.items)) collect(schema.items, depth + 1, found, visits);
  if (!isObject(schema.properties)) return;
  for (const name in schema.properties) {
    if (found.length >= MAX_PARAMETERS) return;
    if (!Object.hasOwn(schema.properties, name)) continue;
    const property = schema.properties[name];
    if (!isObject(property)) continue;
    const is = (type: string) =>
      property.type === type || (Array.isArray(property.type) && property.type.slice(0, 10).includes(type));
    found.push({
      name: name.slice(0, 200),
      // Most are one plain word, and there are many.
      key: /^[a-z]{1,40}$/.test(name) ? name : nameTokens(name).join('_'),
      description: typeof property.description === 'string' ? property.description.slice(0, 400) : '',
      isList: is('array'),
      isBoolean: is('boolean'),
      options: optionsOf(property),
    });
    collect(property, depth + 1, found, visits);
  }
}

function optionsOf(property: Record<string, unknown>): string[] {
  const list = Array.isArray(property.enum) ? property.enum.slice(0, 50) : [property.const];
  return list.filter((one): one is string => typeof one === 'string').map((one) => one.slice(0, 100));
}
