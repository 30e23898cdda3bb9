/** Columns for a terminal: padded, two spaces between, the last one free. */
export function table(rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text from servers and agents for a terminal: control and invisible characters become visible `U+XXXX`. */
export function plain(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

export function clock(at: number): string {
  return new Date(at).toLocaleString('sv-SE');
}
