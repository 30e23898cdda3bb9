import { type ReactNode, useState } from 'react';
import type { RuleDraft, RuleEffect, RuleField } from '../../../shared/schemas/rule.ts';
import { en } from '../../../shared/text/en.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { RuleFields } from './rule-fields.tsx';

const t = en.rules;
const EFFECTS: readonly RuleEffect[] = ['allow', 'ask', 'deny'];

export interface RuleBuilderProps {
  readonly draft: RuleDraft;
  /** What the person chose last; the draft follows. Left out: as the draft has it. */
  readonly fields?: readonly RuleField[] | undefined;
  onFields(fields: RuleField[]): void;
  /** The draft is being worked out again, or saved. */
  readonly busy: boolean;
  onSave(): void;
  readonly saveLabel?: string;
  onCancel?(): void;
  readonly cancelLabel?: string;
  /** Without `onEffect` the effect is given and not shown as a choice. */
  readonly effect?: RuleEffect;
  onEffect?(effect: RuleEffect): void;
  /** Without `onEveryClient` the rule is for the client of the call. */
  readonly clientName?: string;
  readonly everyClient?: boolean;
  onEveryClient?(every: boolean): void;
  /** Shown above the buttons. */
  readonly note?: ReactNode;
}

/** A rule made from a call: which calls it applies to, in words, how many that would have been, and what changes. Pure. */
export function RuleBuilder(props: RuleBuilderProps) {
  const { draft } = props;
  const fields = props.fields ?? draft.fields;
  const [open, setOpen] = useState(false);
  const changes = draft.diff.includes('@@');
  return (
    <div className="flex flex-col gap-4">
      {(props.onEffect || props.onEveryClient) && (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          {props.onEffect && (
            <div className="flex items-center gap-2">
              <span className="text-muted">{t.effect}</span>
              <Segmented
                label={t.effect}
                value={props.effect ?? draft.effect}
                choices={EFFECTS.map((value) => ({ value, label: t.effects[value] }))}
                onChange={props.onEffect}
              />
            </div>
          )}
          {props.onEveryClient && (
            <div className="flex min-w-0 items-center gap-2">
              <span className="text-muted">{t.client}</span>
              <Segmented
                label={t.client}
                value={props.everyClient ? 'every' : 'one'}
                choices={[
                  { value: 'one', label: t.onlyClient(props.clientName ?? draft.clientId ?? '') },
                  { value: 'every', label: t.everyClient },
                ]}
                onChange={(value) => props.onEveryClient?.(value === 'every')}
              />
            </div>
          )}
        </div>
      )}
      <RuleFields fields={fields} canBegin={draft.canBegin} onChange={props.onFields} />
      <div role="status" aria-busy={props.busy}>
        <h3 className="font-medium text-muted">{t.rule}</h3>
        <p className="mt-1 border-line-strong border-l-2 pl-3">
          <Untrusted text={draft.sentence} />
        </p>
        <p className="mt-2 text-muted">
          {t.matched(draft.matched, draft.of)}
          {draft.unclear > 0 && ` ${t.unclear(draft.unclear)}`}
        </p>
        {draft.refused !== null && (
          <p className="mt-2 rounded-md bg-bad-soft px-3 py-2 text-bad">
            <Untrusted text={draft.refused} />
          </p>
        )}
        {draft.refused === null && !changes && <p className="mt-2 text-muted">{t.same}</p>}
      </div>
      {changes && (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="w-fit rounded-sm text-muted hover:text-text">{t.showChanges}</summary>
          {open && (
            <div className="mt-2">
              <Diff label={t.changes} text={draft.diff} />
            </div>
          )}
        </details>
      )}
      {props.note}
      <div className="flex justify-end gap-2">
        {props.onCancel && <Button onClick={props.onCancel}>{props.cancelLabel ?? en.app.cancel}</Button>}
        <Button
          look="primary"
          busy={props.busy}
          disabled={draft.refused !== null || !changes}
          onClick={props.onSave}
        >
          {props.saveLabel ?? t.save}
        </Button>
      </div>
    </div>
  );
}
