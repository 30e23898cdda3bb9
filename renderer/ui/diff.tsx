import { useMemo } from 'react';
import { en } from '../../shared/text/en.ts';
import { cx } from './cx.ts';
import { Untrusted } from './untrusted.tsx';

const LOOK = {
  '+': 'bg-good-soft text-good',
  '-': 'bg-bad-soft text-bad',
  '@': 'text-muted',
  ' ': '',
} as const;

/** A unified diff, line by line. Added and removed lines keep their sign, so colour is not the only difference. */
export function Diff({ label, text }: { label: string; text: string }) {
  const lines = useMemo(() => {
    const all = text.replace(/\n$/, '').split('\n');
    // The file header is dropped: the name is shown above. After the first hunk every line is content.
    const first = all.findIndex((line) => line.startsWith('@@'));
    return first === -1 ? all : all.slice(first);
  }, [text]);
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-md border border-line bg-side py-1"
    >
      {lines.map((line, at) => {
        const sign = (line[0] ?? ' ') as keyof typeof LOOK;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one diff never move
          <div key={at} className={cx('px-3', LOOK[sign])}>
            {(sign === '+' || sign === '-') && (
              <span className="sr-only">
                {sign === '+' ? en.clients.diff.added : en.clients.diff.removed}{' '}
              </span>
            )}
            <Untrusted block text={line === '' ? ' ' : line} />
          </div>
        );
      })}
    </section>
  );
}
