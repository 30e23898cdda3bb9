import { memo, useMemo } from 'react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { Code } from '../arguments/code.tsx';
import { type Argument, argumentsOf } from '../arguments/fields.ts';
import { ArgumentList } from '../arguments/readable.tsx';
import type { ArgumentsViewName } from '../arguments/view-choice.tsx';

const t = en.approvals.group;

/** What is the same in every call once, then each call with what is different in it; or the exact JSON of each. */
export function GroupCalls(props: {
  calls: readonly ApprovalView[];
  view: ArgumentsViewName;
  onOpen(id: string): void;
}) {
  const { calls, view, onOpen } = props;
  const { same, own } = useMemo(() => differences(calls), [calls]);
  const canRead = own.size === calls.length;
  return (
    <>
      {view === 'readable' && canRead && same.length > 0 && (
        <section
          aria-label={t.same(calls.length)}
          className="rounded-md border border-line bg-side px-3 py-2"
        >
          <h4 className="pb-1 text-muted text-small">{t.same(calls.length)}</h4>
          <ArgumentList list={same} />
        </section>
      )}
      <ol className="flex flex-col gap-2">
        {calls.map((call, at) => (
          <li
            key={call.id}
            data-call={call.id}
            className="rounded-md border border-line bg-side px-3 py-2 [contain-intrinsic-size:auto_80px] [content-visibility:auto]"
          >
            <div className="flex items-center gap-2 pb-1">
              <h4 className="mr-auto text-muted text-small">
                {t.call(at + 1, calls.length)}
                {call.count > 1 && ` · ${t.identical(call.count)}`}
              </h4>
              <Button
                look="quiet"
                className="-my-1 h-6"
                onClick={() => onOpen(call.id)}
                aria-label={`${t.open}: ${t.call(at + 1, calls.length)}`}
              >
                {t.open}
              </Button>
            </div>
            {view === 'readable' && canRead ? (
              <Own list={own.get(call.id) ?? []} />
            ) : (
              <div data-part="whole">
                <Code text={call.argumentsText} language="json" />
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

const Own = memo(function Own({ list }: { list: readonly Argument[] }) {
  return list.length === 0 ? <p className="text-muted">{t.noDifference}</p> : <ArgumentList list={list} />;
});

/** The arguments that are word for word the same in all calls, and the others of each. None when one is no object. */
function differences(calls: readonly ApprovalView[]): { same: Argument[]; own: Map<string, Argument[]> } {
  const parsed = calls.map((call) => ({ call, of: argumentsOf(call.argumentsText, call.fields) }));
  const own = new Map<string, Argument[]>();
  if (parsed.some(({ of }) => of.count === null)) return { same: [], own };
  const times = new Map<string, number>();
  for (const { of } of parsed) for (const { raw } of of.list) times.set(raw, (times.get(raw) ?? 0) + 1);
  const isSame = ({ raw }: Argument): boolean => times.get(raw) === calls.length;
  for (const { call, of } of parsed)
    own.set(
      call.id,
      of.list.filter((argument) => !isSame(argument)),
    );
  return { same: (parsed[0]?.of.list ?? []).filter(isSame), own };
}
