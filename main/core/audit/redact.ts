import { isCredentialName, looksSuspicious, REDACTED, redactText } from './credential-patterns.ts';
import { decodeString, JsonTokens } from './json-text.ts';

export { redactText } from './credential-patterns.ts';

/** How much of a call's arguments is kept, characters. Their digest always covers the whole. */
export const MAX_STORED_CHARS = 64 * 1024;
/** Read beyond the cut, so that a credential lying across it is still recognised. */
const BEYOND_CHARS = 8 * 1024;

/**
 * Raw JSON text with credentials replaced by "[redacted]": values of members whose name says so, and what looks like a
 * credential inside any string or name. Everything else keeps its characters, numbers their literal. Text longer than
 * MAX_STORED_CHARS is cut there, and says so at its end.
 */
export function redactJson(text: string): string {
  const whole = text.length <= MAX_STORED_CHARS;
  const redacted = redactTokens(whole ? text : text.slice(0, MAX_STORED_CHARS + BEYOND_CHARS));
  if (whole) return redacted;
  return `${redacted.slice(0, MAX_STORED_CHARS)}… [cut here: ${text.length} characters in all]`;
}

function redactTokens(text: string): string {
  // An escape could spell a name or a mark that the quick look does not see.
  if (!text.includes('\\') && !looksSuspicious(text)) return text;
  const tokens = new JsonTokens(text);
  const out: string[] = [];
  let copied = 0;
  const replace = (start: number, end: number, by: string): void => {
    out.push(text.slice(copied, start), by);
    copied = end;
  };
  /** One entry an open bracket: whether it is an object. */
  const open: boolean[] = [];
  let atName = false;
  let nameIsSecret = false;
  while (tokens.next()) {
    const { kind, start, end } = tokens;
    if (atName && (kind === 'string' || kind === 'cut')) {
      const raw = tokens.raw();
      const name = (kind === 'string' ? decodeString(raw) : undefined) ?? raw;
      nameIsSecret = isCredentialName(name);
      const clean = redactText(name);
      if (clean !== name) replace(start, end, JSON.stringify(clean));
      atName = false;
      continue;
    }
    if (kind === ':') continue;
    if (kind === ',') {
      atName = open.at(-1) === true;
      nameIsSecret = false;
      continue;
    }
    if (kind === '}' || kind === ']') {
      open.pop();
      atName = false;
      nameIsSecret = false;
      continue;
    }
    if (nameIsSecret) {
      // Absent and empty are worth knowing, and tell nothing.
      if (!(kind === 'word' && /^(?:null|true|false)$/.test(tokens.raw())) && tokens.raw() !== '""') {
        if (kind === '{' || kind === '[') skipValue(tokens);
        replace(start, tokens.end, `"${REDACTED}"`);
      }
      nameIsSecret = false;
      continue;
    }
    if (kind === '{' || kind === '[') {
      open.push(kind === '{');
      atName = kind === '{';
    } else if (kind === 'string') {
      const raw = tokens.raw();
      const value = decodeString(raw) ?? raw;
      const clean = redactText(value);
      if (clean !== value) replace(start, end, JSON.stringify(clean));
    } else {
      const clean = redactText(tokens.raw());
      if (clean !== tokens.raw()) replace(start, end, clean);
    }
  }
  out.push(text.slice(copied));
  return out.join('');
}

/** From an opening bracket to the one that closes it, or to the end of the text. */
function skipValue(tokens: JsonTokens): void {
  let depth = 1;
  while (depth > 0 && tokens.next()) {
    if (tokens.kind === '{' || tokens.kind === '[') depth += 1;
    else if (tokens.kind === '}' || tokens.kind === ']') depth -= 1;
  }
}
