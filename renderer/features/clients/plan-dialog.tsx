import { useState } from 'react';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import type { ClientResult, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useLoad } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Loading } from '../../ui/page.tsx';
import { tell, tellError } from '../../ui/toast.tsx';
import { CopyPolicy } from './copy-policy.tsx';
import { MergeChoice } from './merge-choice.tsx';
import { PlanView } from './plan-view.tsx';
import { useApply } from './use-apply.ts';

const t = en.clients;

/** Shows what would change in one client's files, and does exactly that when asked. */
export function PlanDialog(props: {
  client: ClientView;
  direction: 'connect' | 'disconnect';
  onClose(): void;
}) {
  const { client, direction, onClose } = props;
  const [merge, setMerge] = useState(false);
  const plans = useLoad(
    'clients.plan',
    { clients: [client.id], direction, ...(merge ? { merge } : {}) },
    `${client.id} ${direction} ${merge}`,
  );
  const apply = useApply();
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<RpcError | null>(null);
  const [numbered, setNumbered] = useState<ClientResult['numbered']>();
  const plan = plans.data?.[0];
  const isConnect = direction === 'connect';
  const run = async (): Promise<void> => {
    if (!plan) return;
    setBusy(true);
    const { result, error } = await apply(plan, merge);
    setBusy(false);
    if (error?.code === 'conflict') {
      setConflict(error);
      plans.reload();
    } else if (error) tellError(error);
    else {
      tell(result.restart ? `${result.message} ${result.restart}` : result.message);
      // The offer to copy a policy stays in sight.
      if (result.numbered) setNumbered(result.numbered);
      else onClose();
    }
  };
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={isConnect ? t.connectTitle(client.name) : t.disconnectTitle(client.name)}
      footer={
        <>
          <Button onClick={onClose}>{numbered ? en.app.close : en.app.cancel}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={numbered !== undefined || !plan || plan.files.every((file) => file.diff === '')}
            onClick={() => void run()}
          >
            {isConnect ? t.connectAction : t.disconnectAction}
          </Button>
        </>
      }
    >
      {conflict && (
        <p role="alert" className="mb-3 rounded-md bg-warn-soft px-3 py-2">
          {t.changedSince}
        </p>
      )}
      {plans.error && <Failure error={plans.error} retry={plans.reload} />}
      {!plan && !plans.error && <Loading />}
      {numbered && <CopyPolicy numbered={numbered} />}
      {plan && !numbered && <PlanView plan={plan} />}
      {plan && isConnect && !numbered && (
        <MergeChoice plans={[plan]} merge={merge} disabled={busy} onChange={setMerge} />
      )}
    </Dialog>
  );
}
