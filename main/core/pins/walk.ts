import type { Json } from '../codec/types.ts';

/** One string, number or other plain value in a definition, and where it stands. */
export interface Leaf {
  /** `inputSchema.properties.path.description`, `tags[0]`; a key that is no plain word is quoted: `["a.b"]`. */
  readonly path: string;
  readonly value: string | number | boolean | null;
}

/** Values looked at in one definition. Real tools have some dozens; GitHub's largest has about 200. */
const MAX_LEAVES = 20_000;
const MAX_DEPTH = 64;

export interface Leaves {
  readonly leaves: readonly Leaf[];
  /** There is more than what was looked at. */
  readonly cut: boolean;
}

/**
 * Every plain value of a definition in the order of its keys' names, up to a bound. An empty list or object counts as the
 * value null, so that nothing goes unseen when it comes or goes.
 */
export function leavesOf(definition: Json): Leaves {
  const leaves: Leaf[] = [];
  let cut = false;
  const visit = (value: Json, path: string, depth: number): void => {
    if (leaves.length >= MAX_LEAVES || depth > MAX_DEPTH) {
      cut = true;
      return;
    }
    if (value === null || typeof value !== 'object') {
      leaves.push({ path, value });
    } else if (Array.isArray(value)) {
      if (value.length === 0) leaves.push({ path, value: null });
      for (let i = 0; i < value.length && !cut; i++) visit(value[i] as Json, `${path}[${i}]`, depth + 1);
    } else {
      const keys = Object.keys(value).sort();
      if (keys.length === 0) leaves.push({ path, value: null });
      for (const key of keys) {
        if (cut) return;
        visit(value[key] as Json, joined(path, key), depth + 1);
      }
    }
  };
  visit(definition, '', 0);
  return { leaves, cut };
}

/** Calls `found` with every string and every key, however deep; nothing is left out. */
export function eachText(definition: Json, found: (text: string, path: string) => void): void {
  // No recursion: what is scanned for hidden text must be scanned whole, whatever its depth.
  const waiting: { value: Json; path: string }[] = [{ value: definition, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') found(value, path);
    else if (Array.isArray(value)) {
      value.forEach((one, i) => void waiting.push({ value: one, path: shorter(`${path}[${i}]`) }));
    } else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) {
        const at = shorter(joined(path, key));
        found(key, at);
        waiting.push({ value: value[key] as Json, path: at });
      }
    }
  }
}

export function joined(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Where something stands is for people: a path as deep as a bomb helps nobody. */
function shorter(path: string): string {
  return path.length > 500 ? `${path.slice(0, 480)}…` : path;
}
