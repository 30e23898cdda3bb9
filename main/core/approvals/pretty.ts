import { decodeString, JsonTokens } from '../audit/json-text.ts';

/** Beyond this the indentation of deep nesting would outgrow the arguments themselves; lines are then not indented. */
const MAX_GROWTH = 4;
const FREE_CHARS = 64 * 1024;

/**
 * Raw JSON text as a person reads it: a line for each member, two spaces a level, nothing left out. Numbers keep their
 * literal. Strings are written again from their value, so that `\u0072m` is read as the `rm` that the tool will see.
 * Text that is not JSON comes back as it is.
 */
export function prettyJson(text: string): string {
  const indented = layOut(text, '  ', text.length * MAX_GROWTH + FREE_CHARS);
  return indented ?? layOut(text, '', Number.POSITIVE_INFINITY) ?? text;
}

function layOut(text: string, step: string, maxChars: number): string | undefined {
  const tokens = new JsonTokens(text);
  const out: string[] = [];
  let size = 0;
  let depth = 0;
  let opened = false;
  const put = (piece: string): void => {
    out.push(piece);
    size += piece.length;
  };
  const line = (): void => put(`\n${step.repeat(depth)}`);
  while (tokens.next()) {
    const { kind } = tokens;
    if (kind === '}' || kind === ']') {
      depth = Math.max(0, depth - 1);
      if (!opened) line();
      put(kind);
      opened = false;
    } else {
      if (opened) line();
      opened = false;
      if (kind === '{' || kind === '[') {
        put(kind);
        depth += 1;
        opened = true;
      } else if (kind === ',') {
        put(',');
        line();
      } else if (kind === ':') put(': ');
      else if (kind === 'string') put(readable(tokens.raw()));
      else put(tokens.raw());
    }
    if (size > maxChars) return undefined;
  }
  return out.join('');
}

function readable(raw: string): string {
  if (!raw.includes('\\')) return raw;
  const value = decodeString(raw);
  return value === undefined ? raw : JSON.stringify(value);
}
