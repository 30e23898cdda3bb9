import { useMemo, useState } from 'react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Code } from './code.tsx';
import { argumentsOf } from './fields.ts';
import { Readable } from './readable.tsx';
import { type ArgumentsViewName, ViewChoice } from './view-choice.tsx';

const t = en.approvals;

/** The arguments, whole: for reading, and as the exact JSON that was sent. */
export function ArgumentsView({ approval }: { approval: ApprovalView }) {
  const { argumentsText: text, argumentsDigest: digest, fields } = approval;
  // A new state brings a new list of the same paths: the arguments may be large, and are read once.
  const byRule = JSON.stringify(fields);
  const parsed = useMemo(() => argumentsOf(text, JSON.parse(byRule) as string[]), [text, byRule]);
  const canRead = parsed.list.length > 0;
  const [chosen, setChosen] = useState<ArgumentsViewName>('readable');
  const view = canRead ? chosen : 'exact';
  return (
    <section aria-label={t.argumentsLabel}>
      <div className="flex min-h-6 items-center gap-3 pb-1.5">
        <h3 className="mr-auto font-medium text-muted">
          {parsed.count === null ? t.argumentsLabel : t.arguments(parsed.count)}
        </h3>
        <p className="min-w-0 truncate font-mono text-muted text-small" title={`${t.digest} ${digest}`}>
          {t.digest.toLowerCase()} {shortDigest(digest)}
        </p>
        {canRead && <ViewChoice view={view} onView={setChosen} />}
      </div>
      <div className="rounded-md border border-line bg-side px-3 py-2">
        {view === 'readable' ? (
          <div data-part="readable">
            <Readable of={parsed} />
          </div>
        ) : (
          <div data-part="whole">
            <Code text={text} language="json" />
          </div>
        )}
      </div>
    </section>
  );
}

function shortDigest(digest: string): string {
  return digest.replace(/^sha256[:-]/, '').slice(0, 12);
}
