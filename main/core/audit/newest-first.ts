/** One sorted list of sequence numbers: those below `before`, newest first, at most `limit`. */
export interface Source {
  /** No number in it is above this one. */
  readonly newest: number;
  fetch(before: number, limit: number): number[];
}
interface Cursor {
  readonly source: Source;
  /** The next number when `known`; else only known to be at most this. */
  upper: number;
  known: boolean;
  buffer: number[];
  at: number;
  size: number;
}

const FIRST_FETCH = 8;
const MAX_FETCH = 256;

/**
 * Merges sorted lists, newest first. A list is read only once its turn comes, and then little by little, so that the
 * first page costs about as much as it has rows, however long the lists are.
 */
export function* newestFirst(sources: readonly Source[], before: number): Generator<number> {
  const heap: Cursor[] = [];
  for (const source of sources) {
    const upper = Math.min(source.newest, before - 1);
    if (upper > 0) push(heap, { source, upper, known: false, buffer: [], at: 0, size: FIRST_FETCH });
  }
  for (;;) {
    const cursor = pop(heap);
    if (!cursor) return;
    if (!cursor.known) {
      cursor.buffer = cursor.source.fetch(cursor.upper + 1, cursor.size);
      cursor.at = 0;
      cursor.size = Math.min(cursor.size * 2, MAX_FETCH);
      const first = cursor.buffer[0];
      if (first === undefined) continue;
      cursor.upper = first;
      cursor.known = true;
      push(heap, cursor);
      continue;
    }
    yield cursor.upper;
    cursor.at += 1;
    const next = cursor.buffer[cursor.at];
    cursor.known = next !== undefined;
    cursor.upper = next ?? cursor.upper - 1;
    if (cursor.upper > 0) push(heap, cursor);
  }
}

function push(heap: Cursor[], item: Cursor): void {
  let index = heap.push(item) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Cursor;
    if (above.upper >= item.upper) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = item;
}

function pop(heap: Cursor[]): Cursor | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as Cursor).upper > (heap[child] as Cursor).upper)
      child += 1;
    if ((heap[child] as Cursor).upper <= last.upper) break;
    heap[index] = heap[child] as Cursor;
    index = child;
  }
  heap[index] = last;
  return top;
}
