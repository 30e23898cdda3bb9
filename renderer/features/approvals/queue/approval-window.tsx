import { en } from '../../../../shared/text/en.ts';
import { ToastsInFlow } from '../../../ui/toast.tsx';
import { ApprovalQueue } from './approval-queue.tsx';
import { OwnWindow } from './use-fit.ts';

/** The whole of the prompt's own window. It uses only what an `approver` may: the state and the decision. */
export function ApprovalWindow() {
  return (
    <main className="flex h-full flex-col p-5">
      <h1 className="sr-only">{en.approvals.title}</h1>
      <ToastsInFlow />
      <OwnWindow value={window.drawbridge !== undefined}>
        <ApprovalQueue takeFocus onLater={() => window.close()} />
      </OwnWindow>
    </main>
  );
}
