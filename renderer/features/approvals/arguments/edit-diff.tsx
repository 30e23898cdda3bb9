import { diffLines } from 'diff';
import { useMemo } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { cx } from '../../../ui/cx.ts';
import { Code } from './code.tsx';

const t = en.approvals.edit;
/** Two texts that differ in more lines than this are shown one after the other. */
const MOST_CHANGES = 2000;

/** What an edit takes out and puts in, line by line: both texts whole. */
export function EditDiff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(
    () =>
      diffLines(before, after, { maxEditLength: MOST_CHANGES }) ?? [
        { value: before, removed: true, added: false },
        { value: after, removed: false, added: true },
      ],
    [before, after],
  );
  if (before === '' && after === '') return <p className="text-muted">{t.nothing}</p>;
  return (
    <div data-part="edit">
      {parts.map((part, at) => {
        const kind = part.added ? 'added' : part.removed ? 'removed' : 'same';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one diff never move
          <div key={at} className={cx('flex', SIDE[kind])}>
            <span aria-hidden="true" className="w-4 shrink-0 select-none text-center font-mono text-small">
              {SIGN[kind]}
            </span>
            <span className="sr-only">{kind === 'same' ? '' : `${t[kind]}: `}</span>
            <div className="min-w-0 grow" data-kind={kind}>
              <Code text={part.value} />
            </div>
          </div>
        );
      })}
      {before.endsWith('\n') !== after.endsWith('\n') && (
        <p className="text-muted text-small">{after.endsWith('\n') ? t.newlineAdded : t.newlineRemoved}</p>
      )}
    </div>
  );
}

const SIDE = { added: 'bg-good-soft text-good', removed: 'bg-bad-soft text-bad', same: '' } as const;
const SIGN = { added: '+', removed: '−', same: '' } as const;
