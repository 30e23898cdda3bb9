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

interface Node {
  readonly value: Json;
  readonly key: string | number;
  readonly parent: Node | undefined;
}

/**
 * Calls `found` with every string and every key, however deep; nothing is left out.
 * @param found is given where the text stands when it asks: most texts are of no interest, and a bomb has a million
 */
export function eachText(definition: Json, found: (text: string, path: () => string) => void): void {
  // No recursion: what is scanned for hidden text must be scanned whole, whatever its depth.
  const waiting: Node[] = [{ value: definition, key: '', parent: undefined }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = next;
    const { value } = node;
    if (typeof value === 'string') found(value, () => pathOf(node));
    else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) waiting.push({ value: value[i] as Json, key: i, parent: node });
    } else if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value)) {
        const child = { value: value[key] as Json, key, parent: node };
        found(key, () => pathOf(child));
        waiting.push(child);
      }
    }
  }
}

/** Where something stands is for people: a path as deep as a bomb helps nobody. */
function pathOf(node: Node): string {
  const keys: (string | number)[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) keys.push(at.key);
  let path = '';
  for (const key of keys.reverse()) {
    path = typeof key === 'number' ? `${path}[${key}]` : joined(path, key);
    if (path.length > 500) return `${path.slice(0, 480)}…`;
  }
  return path;
}

export function joined(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
