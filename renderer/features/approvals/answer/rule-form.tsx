import { useState } from 'react';
import type { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import type { RuleField } from '../../../../shared/schemas/rule.ts';
import { en } from '../../../../shared/text/en.ts';
import { useCore, useStore } from '../../../client/hooks.ts';
import { Failure, Loading } from '../../../ui/page.tsx';
import { RuleBuilder } from '../../rules/rule-builder.tsx';
import { useRuleDraft } from '../../rules/use-rule-draft.ts';
import type { Decide } from '../prompt/use-decide.ts';
import { FormFrame } from './form-frame.tsx';

const t = en.approvals.rule;

/** "Always": the rule is made from the arguments of the call, shown in words, saved, and then the call runs. */
export function RuleForm({
  approval,
  ready,
  decide,
  onCancel,
}: {
  approval: ApprovalView;
  ready: boolean;
  decide: Decide;
  onCancel(): void;
}) {
  const store = useStore();
  const version = useCore(
    (state) => state.servers.find(({ name }) => name === approval.server)?.policy.version ?? '',
  );
  const drafted = useRuleDraft(
    ({ fields }, signal) =>
      store.call('approvals.draftRule', { id: approval.id, ...(fields ? { fields } : {}) }, signal),
    version,
  );
  const [refused, setRefused] = useState<RpcError | null>(null);
  const { draft } = drafted;
  const save = async (fields: readonly RuleField[]): Promise<void> => {
    setRefused(null);
    setRefused(await decide.tryAllow(approval, { scope: 'always', rule: [...fields] }));
  };
  return (
    <FormFrame title={t.title} lead={t.lead} onCancel={onCancel}>
      {refused && <Failure error={refused} />}
      {drafted.error && <Failure error={drafted.error} retry={drafted.again} />}
      {!draft && !drafted.error && <Loading text={en.rules.working} />}
      {draft && (
        <RuleBuilder
          draft={draft}
          fields={drafted.choice.fields}
          onFields={(fields) => drafted.choose({ fields })}
          busy={drafted.busy || decide.busy || !ready}
          onSave={() => void save(draft.fields)}
          saveLabel={t.save}
          onCancel={onCancel}
        />
      )}
    </FormFrame>
  );
}
