import { useRef, useState } from 'react';
import type { RuleEffect } from '../../../shared/schemas/rule.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { asRpcError, useCore, useStore } from '../../client/hooks.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Loading } from '../../ui/page.tsx';
import { tell, tellError } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { RuleBuilder } from './rule-builder.tsx';
import { useRuleDraft } from './use-rule-draft.ts';

const t = en.rules;

export interface RuleSource {
  /** The recorded call. */
  readonly seq: number;
  readonly server: string;
  readonly tool: string;
  readonly clientName: string;
  readonly effect?: RuleEffect;
}

/** Makes a rule from a recorded call and saves it, unless the policy changed since the rule was worked out. */
export function RuleDialog({ from, onClose }: { from: RuleSource; onClose(saved: boolean): void }) {
  const store = useStore();
  const server = useCore((state) => state.servers.find(({ name }) => name === from.server));
  const version = server?.policy.version ?? '';
  const drafted = useRuleDraft(
    ({ effect, fields, everyClient }, signal) =>
      store.call(
        'policy.draftRule',
        { seq: from.seq, effect, everyClient, ...(fields ? { fields } : {}) },
        signal,
      ),
    version,
    from.effect ?? 'allow',
  );
  const { draft, choice, choose } = drafted;
  const [saving, setSaving] = useState(false);
  const [changed, setChanged] = useState(false);
  const first = useRef(version);
  if (first.current !== version) {
    first.current = version;
    if (!saving) setChanged(true);
  }
  const save = async (): Promise<void> => {
    if (!draft) return;
    setSaving(true);
    try {
      await store.call('policy.set', { server: draft.server, text: draft.text, basedOn: version });
      tell(t.saved(draft.server));
      onClose(true);
    } catch (error) {
      if (asRpcError(error).code === 'conflict') {
        setChanged(true);
        drafted.again();
      } else tellError(error);
      setSaving(false);
    }
  };
  return (
    <Dialog
      wide
      open
      onClose={() => onClose(false)}
      title={t.title}
      lead={
        <>
          <Untrusted text={from.clientName} />,{' '}
          <Untrusted text={from.tool} className="font-mono text-small" /> {en.missed.on}{' '}
          <Untrusted text={from.server} />. {t.lead}
        </>
      }
    >
      {drafted.error && <Failure error={drafted.error} retry={drafted.again} />}
      {!draft && !drafted.error && <Loading text={t.working} />}
      {draft && (
        <RuleBuilder
          draft={draft}
          fields={choice.fields}
          onFields={(fields) => choose({ fields })}
          effect={choice.effect}
          onEffect={(effect) => choose({ effect })}
          clientName={visibleText(from.clientName)}
          everyClient={choice.everyClient}
          onEveryClient={(everyClient) => choose({ everyClient })}
          busy={drafted.busy || saving}
          onSave={() => void save()}
          onCancel={() => onClose(false)}
          note={
            <>
              {changed && (
                <p role="alert" className="rounded-md bg-warn-soft px-3 py-2">
                  {t.conflict}
                </p>
              )}
              {server?.effectiveMode === 'observe' && (
                <p className="rounded-md bg-info-soft px-3 py-2">{t.observed(visibleText(server.name))}</p>
              )}
            </>
          }
        />
      )}
    </Dialog>
  );
}
