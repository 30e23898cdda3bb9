import { useDeferredValue, useState } from 'react';
import type { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/page.tsx';
import { EditDiff } from '../arguments/edit-diff.tsx';
import { AllowButton } from '../prompt/allow-button.tsx';
import type { Decide } from '../prompt/use-decide.ts';
import { useHold } from '../prompt/use-hold.ts';
import { editable, problemOf } from './edited.ts';
import { FormFrame } from './form-frame.tsx';

const t = en.approvals.editing;

/** Other arguments for the call, as JSON. The policy judges them again; what is refused stays here to be corrected. */
export function EditForm(props: {
  approval: ApprovalView;
  content: string;
  ready: boolean;
  isCritical: boolean;
  decide: Decide;
  onCancel(): void;
}) {
  const { approval, decide, onCancel } = props;
  const [original] = useState(() => editable(approval.argumentsText));
  const [text, setText] = useState(original);
  const [refused, setRefused] = useState<RpcError | null>(null);
  // Checked and compared as it is typed, but never so that a key has to wait for it.
  const checked = useDeferredValue(text);
  const problem = problemOf(checked);
  const holds = approval.state === 'holding';
  const isSame = checked === original;
  const able = props.ready && holds && !decide.busy && checked === text && problem === null && !isSame;
  const allow = async (): Promise<void> => {
    setRefused(null);
    setRefused(await decide.tryAllow(approval, { scope: 'once', editedArguments: text }));
  };
  const hold = useHold(`${props.content}\n${text}`, () => void allow());
  const submit = (): void => {
    if (!able) return;
    if (props.isCritical) hold.start();
    else void allow();
  };
  return (
    <FormFrame title={t.title} lead={t.lead} onCancel={onCancel} onSubmit={submit}>
      <textarea
        aria-label={t.label}
        aria-invalid={problem !== null}
        aria-describedby="edit-problem"
        spellCheck={false}
        autoComplete="off"
        dir="ltr"
        rows={Math.min(16, Math.max(6, original.split('\n').length + 1))}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="control h-auto min-h-32 shrink-0 grow resize-none py-1.5 font-mono text-small leading-[18px]"
      />
      <p id="edit-problem" role="status" className={problem ? 'text-bad' : 'text-muted'}>
        {!holds ? t.notHolding : (problem ?? (isSame ? t.same : ''))}
      </p>
      {refused && <Failure error={refused} />}
      {!isSame && problem === null && (
        <section aria-label={t.changes}>
          <h4 className="font-medium text-muted">{t.changes}</h4>
          <div className="mt-1 max-h-64 overflow-auto rounded-md border border-line bg-side py-1">
            <EditDiff before={original} after={checked} />
          </div>
        </section>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{en.app.cancel}</Button>
        <AllowButton
          able={able}
          hold={props.isCritical ? hold : null}
          label={t.allow}
          holdLabel={t.hold}
          onAllow={() => void allow()}
        />
      </div>
    </FormFrame>
  );
}
