import { createTwoFilesPatch } from 'diff';
import { redactText } from '../audit/credential-patterns.ts';
import { BULLETS, isSecretAt } from './credentials.ts';
import { type Edit, type FormatDriver, type Strictness, splice } from './formats/types.ts';

/**
 * A unified diff for people, every secret in it as bullets: of the entries, and of whatever else of the file stands in the
 * lines around them. Empty when nothing changes.
 */
export function maskedDiff(
  path: string,
  before: string,
  after: string,
  format: FormatDriver,
  strictness: Strictness,
): string {
  if (before === after) return '';
  const [from, to] = [before, after].map((text) =>
    mask(text, format, strictness)
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n'),
  );
  const patch = createTwoFilesPatch('', '', from as string, to as string, '', '', { context: 3 });
  const hunks = patch.slice(Math.max(0, patch.indexOf('@@ ')));
  return `--- ${path}\n+++ ${path}\n${hunks}`;
}

function mask(text: string, format: FormatDriver, strictness: Strictness): string {
  const parsed = format.parse(text, strictness);
  // Only texts that parsed come here; should that ever not be so, nothing is shown rather than everything.
  if (!parsed.ok) return `${BULLETS}\n`;
  const strings = parsed.doc.strings();
  const edits: Edit[] = [];
  for (const [i, { path, start, end, value }] of strings.entries()) {
    const before = strings[i - 1];
    const sibling = before && before.path.length === path.length && before.path.at(-2) === path.at(-2);
    if (isSecretAt(path, value, sibling ? before.value : undefined))
      edits.push({ start, end, text: JSON.stringify(BULLETS) });
  }
  return maskComments(splice(text, edits));
}

/** What is left outside strings are comments, in which a token may stand as well. */
function maskComments(text: string): string {
  return text.replace(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, (comment) =>
    redactText(comment).replaceAll('[redacted]', BULLETS),
  );
}
