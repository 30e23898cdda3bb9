import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/** A problem or a warning of the check, at its place in the text. Lines begin at 1. */
export interface PlacedMessage {
  readonly tone: 'bad' | 'warn';
  readonly path: string;
  readonly message: string;
  readonly suggestion: string | null;
  readonly line: number | null;
}
interface Found {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | null;
}

/** Problems of a document name their place first: `Line 3, column 12: …`. */
const PLACE = /^Line (\d+), column \d+: /;

/** Puts what a check found at its lines: by the place in the message, else by its JSON pointer. */
export function placeMessages(
  text: string,
  check: { readonly problems: readonly Found[]; readonly warnings: readonly Found[] },
): PlacedMessage[] {
  let tree: Node | undefined | null = null;
  const place = (found: Found, tone: PlacedMessage['tone']): PlacedMessage => {
    const said = PLACE.exec(found.message);
    if (!said && tree === null) tree = parseTree(text);
    return {
      tone,
      path: found.path,
      message: said ? sentence(found.message.slice(said[0].length)) : found.message,
      suggestion: found.suggestion ?? null,
      line: said ? Number(said[1]) : lineOfPointer(text, tree ?? undefined, found.path),
    };
  };
  return [
    ...check.problems.map((problem) => place(problem, 'bad')),
    ...check.warnings.map((warning) => place(warning, 'warn')),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The line of a JSON pointer, or of the deepest part of it that is there; null for a text that is no JSON. */
function lineOfPointer(text: string, tree: Node | undefined, pointer: string): number | null {
  if (!tree) return null;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = tree;
  for (const step of steps) {
    const next =
      findNodeAtLocation(at, [step]) ??
      (/^\d+$/.test(step) ? findNodeAtLocation(at, [Number(step)]) : undefined);
    if (!next) break;
    at = next;
  }
  // The value of a key begins behind it, maybe on another line: the key is what is looked for.
  const offset = at.parent?.type === 'property' ? at.parent.offset : at.offset;
  let line = 1;
  for (let from = text.indexOf('\n'); from !== -1 && from < offset; from = text.indexOf('\n', from + 1))
    line += 1;
  return line;
}
