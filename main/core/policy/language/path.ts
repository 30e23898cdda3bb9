import type { Json, JsonObject } from '../../codec/types.ts';

/** A step into the arguments: a key, an index, or every element. */
export type Step = { readonly key: string } | { readonly index: number } | { readonly every: true };

/** What a path leads to: a value, nothing, or something the path does not fit (never taken as "nothing"). */
export type Slot =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unfit'; readonly why: string };

const TOKEN = /\.([^.[\]"]+)|\[(\d{1,6})\]|\[(\*)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Parses `args.a.b`, `args.list[0]`, `args.list[*]`, `args["a key"]`; no steps for `args` itself. Undefined when it is none of these. */
export function parsePath(text: string): Step[] | undefined {
  if (!text.startsWith('args')) return undefined;
  const steps: Step[] = [];
  TOKEN.lastIndex = 4;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, key, index, every, quoted] = match;
    // `args.list.*` is how other languages write [*]; a key of that name is written args["*"].
    if (key === '*') return undefined;
    if (key !== undefined) steps.push({ key });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (every !== undefined) steps.push({ every: true });
    else if (quoted !== undefined) {
      try {
        steps.push({ key: JSON.parse(`"${quoted}"`) as string });
      } catch {
        return undefined;
      }
    }
  }
  return steps;
}

/** Keys that a lenient server could take for one another: case, width, and letters such as ſ and K (Kelvin). */
const folded = new Map<string, string>();
const MAX_FOLDED = 2000;

/** Remembered: every condition looks at every key of every call, and those are few. */
function fold(key: string): string {
  const known = folded.get(key);
  if (known !== undefined) return known;
  const made = key.normalize('NFKC').toLowerCase();
  if (key.length > 100) return made;
  if (folded.size >= MAX_FOLDED) folded.clear();
  folded.set(key, made);
  return made;
}

/** Every place a path leads to. Own keys only; never throws. */
export function resolvePath(steps: readonly Step[], args: JsonObject): Slot[] {
  const slots: Slot[] = [];
  walk(steps, 0, args, slots);
  // An empty list under `[*]`: there is nothing to look at.
  if (slots.length === 0) slots.push({ kind: 'missing' });
  return slots;
}

function walk(steps: readonly Step[], at: number, value: Json, slots: Slot[]): void {
  const step = steps[at];
  if (step === undefined) {
    slots.push({ kind: 'value', value });
    return;
  }
  if ('key' in step) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      slots.push({ kind: 'unfit', why: `"${step.key}" is looked up in something that is not an object` });
      return;
    }
    const wanted = fold(step.key);
    for (const key of Object.keys(value)) {
      if (key !== step.key && fold(key) === wanted) {
        slots.push({ kind: 'unfit', why: `there is another argument that reads as "${step.key}"` });
        break;
      }
    }
    const next = Object.hasOwn(value, step.key) ? value[step.key] : undefined;
    if (next === undefined) slots.push({ kind: 'missing' });
    else walk(steps, at + 1, next, slots);
    return;
  }
  if (!Array.isArray(value)) {
    slots.push({ kind: 'unfit', why: 'a list is expected where there is none' });
    return;
  }
  if ('index' in step) {
    const next = value[step.index];
    if (next === undefined) slots.push({ kind: 'missing' });
    else walk(steps, at + 1, next, slots);
    return;
  }
  for (const element of value) walk(steps, at + 1, element, slots);
}
