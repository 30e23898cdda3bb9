import { useId } from 'react';
import type { ClientPlan } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients;

/** Offered where the same server is registered under another name: one of both, or two. Not merged by default. */
export function MergeChoice(props: {
  plans: readonly ClientPlan[];
  merge: boolean;
  disabled: boolean;
  onChange(merge: boolean): void;
}) {
  const id = useId();
  const pairs = new Set(
    props.plans.flatMap(({ files }) =>
      files.flatMap(({ entries }) =>
        entries.flatMap(({ name, sameAs }) => (sameAs === null ? [] : [t.mergePair(name, sameAs)])),
      ),
    ),
  );
  if (pairs.size === 0 && !props.merge) return null;
  return (
    <div className="mt-4 flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={props.merge}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
        className="mt-1 size-3.5 shrink-0 accent-invert"
      />
      <label htmlFor={id}>
        {pairs.size === 0 ? t.mergeAll : t.merge(pairs.size)}
        {pairs.size > 0 && (
          <span className="block text-muted">
            <Untrusted text={t.mergeDetail([...pairs].join(', '))} />
          </span>
        )}
      </label>
    </div>
  );
}
