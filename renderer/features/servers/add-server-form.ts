import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';

const t = en.servers.addDialog;
export interface AddForm {
  readonly kind: 'stdio' | 'http' | 'sse';
  readonly name: string;
  readonly command: string;
  readonly env: string;
  readonly cwd: string;
  readonly url: string;
  readonly headers: string;
}
export const EMPTY_FORM: AddForm = {
  kind: 'stdio',
  name: '',
  command: '',
  env: '',
  cwd: '',
  url: '',
  headers: '',
};

/** Makes the input of `servers.add`, or says what is wrong with the form. The core checks the rest. */
export function readForm(form: AddForm): { config: ServerConfig } | { problem: string } {
  if (form.name.trim() === '') return { problem: t.errors.name };
  if (form.kind !== 'stdio') {
    const headers = readPairs(form.headers, ':', t.errors.headerForm);
    if (typeof headers === 'string') return { problem: headers };
    return { config: { kind: form.kind, url: form.url.trim(), headers } };
  }
  const words = splitCommand(form.command);
  if (!words) return { problem: t.errors.quote };
  const [command, ...args] = words;
  if (!command) return { problem: t.errors.command };
  const env = readPairs(form.env, '=', t.errors.envForm);
  if (typeof env === 'string') return { problem: env };
  const cwd = form.cwd.trim();
  return { config: { kind: 'stdio', command, args, env, ...(cwd ? { cwd } : {}) } };
}

/**
 * Splits a command line into words as a shell does: spaces part them, '…' and "…" keep them together. A backslash escapes
 * only a quote, a space or itself, so that Windows paths stay whole. Undefined when a quote is not closed.
 */
export function splitCommand(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    const next = line[at + 1];
    if (character === '\\' && quote !== "'" && next !== undefined && `"' \\`.includes(next)) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

/** Reads `NAME=value` or `Name: value` lines; a string says which line is wrong. */
function readPairs(text: string, sign: string, form: string): Record<string, string> | string {
  const pairs: [string, string][] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf(sign);
    const name = line.slice(0, at).trim();
    if (at < 1 || name === '') return t.errors.line(line.trim(), form);
    pairs.push([name, line.slice(at + 1).trim()]);
  }
  return Object.fromEntries(pairs);
}
