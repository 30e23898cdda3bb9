import { useCallback, useState } from 'react';
import type { ApprovalScope, ApprovalView } from '../../../shared/schemas/approval.ts';
import { useStore } from '../../client/hooks.ts';
import { useAction } from '../../ui/toast.tsx';

export interface Decide {
  /** The prompt a decision is on its way for. */
  readonly deciding: string | null;
  allow(approval: ApprovalView, scope: ApprovalScope): Promise<void>;
  deny(approval: ApprovalView, message?: string): Promise<void>;
}

/** Sends decisions, each bound to the digest of the arguments that were on the screen. */
export function useDecide(): Decide {
  const store = useStore();
  const act = useAction();
  const [deciding, setDeciding] = useState<string | null>(null);
  const decide = useCallback(
    async (
      { id, argumentsDigest }: ApprovalView,
      decision: 'allow' | 'deny',
      more: { scope?: ApprovalScope; message?: string },
    ) => {
      setDeciding(id);
      await act(
        () => store.call('approvals.decide', { id, decision, argumentsDigest, ...more }),
        ({ message }) => message,
      );
      setDeciding(null);
    },
    [store, act],
  );
  return {
    deciding,
    allow: (approval, scope) => decide(approval, 'allow', { scope }),
    deny: (approval, message) => decide(approval, 'deny', message ? { message } : {}),
  };
}
