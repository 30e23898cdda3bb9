/** Whether a lenient reader could take the key for another one. */
export function foldable(key: string): boolean {
  return /[^\x20-\x40\x5b-\x7e]/.test(key);
}

/**
 * The key as the most lenient reader would see it: Go's encoding/json ignores case and folds U+017F to s and U+212A to k,
 * others (Java, C) also U+0130 and U+0131 to i; to Swift strings that look the same are the same; C strings end at NUL.
 */
export function folded(key: string): string {
  const nul = key.indexOf('\0');
  return (nul < 0 ? key : key.slice(0, nul))
    .normalize('NFC')
    .replaceAll('\u0130', 'i')
    .toUpperCase()
    .toLowerCase();
}

/** Two of these keys that some reader takes for one; undefined when there are none. */
export function twinsAmong(keys: readonly string[]): [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const fold = folded(key);
    const twin = seen.get(fold);
    if (twin !== undefined) return [twin, key];
    seen.set(fold, key);
  }
  return undefined;
}
