import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { en } from '../../../../shared/text/en.ts';
import { escapedJson } from '../../../../shared/text/untrusted.ts';

const t = en.approvals.editing;

/** What is wrong with arguments as they were typed; null when they can be sent. */
export function problemOf(text: string): string | null {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors[0];
  if (first) return at(text, first.offset, t.errors[printParseErrorCode(first.error)] ?? t.wrong);
  if (root?.type !== 'object') return t.notObject;
  const twice = duplicate(root);
  if (twice !== undefined) return at(text, twice, t.errors.DuplicateKey ?? t.wrong);
  return null;
}

type Tree = NonNullable<ReturnType<typeof parseTree>>;

/** Where a name stands for the second time in one object. */
function duplicate(node: Tree): number | undefined {
  const names = new Set<string>();
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const [name, value] = child.children ?? [];
      const key = String(name?.value);
      if (names.has(key)) return child.offset;
      names.add(key);
      const inner = value && duplicate(value);
      if (inner !== undefined) return inner;
    } else {
      const inner = duplicate(child);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

function at(text: string, offset: number, what: string): string {
  const before = text.slice(0, offset).split('\n');
  return t.problem(before.length, (before.at(-1)?.length ?? 0) + 1, what);
}

/** The arguments as they are put into the editor: a field of text would hide what hides, so it is written as \uXXXX. */
export function editable(argumentsText: string): string {
  return escapedJson(argumentsText);
}
