import type { DiffPart } from '../../shared/schemas/pin.ts';
import { en } from '../../shared/text/en.ts';
import { cx } from './cx.ts';
import { UntrustedPieces } from './untrusted.tsx';

/** A sign stands before what was added or removed, so that colour is not the only difference. */
const LOOK = {
  added:
    "bg-good-soft text-good underline decoration-1 underline-offset-2 before:mr-px before:inline-block before:select-none before:content-['+'/'']",
  removed:
    "bg-bad-soft text-bad line-through decoration-1 before:mr-px before:inline-block before:select-none before:content-['−'/'']",
} as const;

/**
 * The parts of a word diff in order, as one text that keeps its lines. All of it is untrusted: plain text, hidden
 * characters as U+XXXX. What was added or removed stands in `ins` and `del`, and is said in words to a screen reader;
 * each part's escaped text alone is the `textContent` of its `[data-part]` (`same`, `added`, `removed`).
 */
export function WordDiff({ parts, className }: { parts: readonly DiffPart[]; className?: string }) {
  return (
    <div className={cx('untrusted-block', className)}>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one diff never move
        <Part key={at} part={part} />
      ))}
    </div>
  );
}

function Part({ part }: { part: DiffPart }) {
  const text = (
    <span data-part={part.kind}>
      <UntrustedPieces text={part.text} multiline />
    </span>
  );
  if (part.kind === 'same') return text;
  const Tag = part.kind === 'added' ? 'ins' : 'del';
  return (
    <Tag className={cx('rounded-sm px-0.5', LOOK[part.kind])}>
      <span className="sr-only">{en.tools.diff[part.kind]} </span>
      {text}
      <span className="sr-only"> {en.tools.diff.end} </span>
    </Tag>
  );
}
