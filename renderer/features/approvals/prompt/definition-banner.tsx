import { TriangleAlert } from 'lucide-react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { WordDiff } from '../../../ui/word-diff.tsx';

const t = en.approvals.definition;

/** Said before the arguments: the tool is not the one that was reviewed, and how it differs, word by word. */
export function DefinitionBanner({ approval: { change, reviewed } }: { approval: ApprovalView }) {
  if (!change && reviewed) return null;
  return (
    <section aria-label={change ? t.changed : t.isNew} className="rounded-md bg-warn-soft px-3 py-2">
      <p className="flex items-start gap-2 font-medium text-warn">
        <TriangleAlert size={15} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0" />
        {change ? t.changed : t.isNew}
      </p>
      {change && (
        <>
          <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-9">
            {change.reasons.length > 0
              ? change.reasons.map((reason) => (
                  <li key={reason}>
                    <Untrusted text={reason} />
                  </li>
                ))
              : change.kinds.map((kind) => <li key={kind}>{t.kinds[kind]}</li>)}
          </ul>
          <dl className="mt-2 flex flex-col gap-2 pl-6">
            {change.fields.map(({ path, parts }) => (
              <div key={path}>
                <dt>
                  <Untrusted text={path} className="font-mono text-muted text-small" />
                </dt>
                <dd className="border-line-strong border-l-2 bg-ground py-1 pl-2">
                  <WordDiff parts={parts} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
