import { useCallback, useState } from 'react';
import type { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { asRpcError, useStore } from '../../../client/hooks.ts';
import type { Input } from '../../../client/store.ts';
import { tell, useAction } from '../../../ui/toast.tsx';

type Answer = Omit<Input<'approvals.decide'>, 'id' | 'decision' | 'argumentsDigest'>;

export interface Decide {
  /** A decision is on its way. */
  readonly busy: boolean;
  allow(approval: ApprovalView, answer?: Answer): Promise<void>;
  /** As `allow`, but gives a refusal back instead of showing it in passing: what the person wrote stays where it is. */
  tryAllow(approval: ApprovalView, answer: Answer): Promise<RpcError | null>;
  deny(approval: ApprovalView, message?: string): Promise<void>;
  /** Answers several at once. */
  many(approvals: readonly ApprovalView[], decision: 'allow' | 'deny', message?: string): Promise<void>;
}

/** Sends decisions, each bound to the digest of the arguments that were on the screen. */
export function useDecide(): Decide {
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState(false);
  const during = useCallback(async <T>(run: () => Promise<T>): Promise<T> => {
    setBusy(true);
    try {
      return await run();
    } finally {
      setBusy(false);
    }
  }, []);
  const decide = useCallback(
    ({ id, argumentsDigest }: ApprovalView, decision: 'allow' | 'deny', answer: Answer) =>
      store.call('approvals.decide', { id, decision, argumentsDigest, ...answer }),
    [store],
  );
  const say = ({ message }: { message: string }): string => message;
  return {
    busy,
    async allow(approval, answer = { scope: 'once' }) {
      await during(() => act(() => decide(approval, 'allow', answer), say));
    },
    tryAllow: (approval, answer) =>
      during(async () => {
        try {
          tell(say(await decide(approval, 'allow', answer)));
          return null;
        } catch (error) {
          return asRpcError(error);
        }
      }),
    async deny(approval, message) {
      await during(() => act(() => decide(approval, 'deny', message ? { message } : {}), say));
    },
    async many(approvals, decision, message) {
      const calls = approvals.map(({ id, argumentsDigest }) => ({ id, argumentsDigest }));
      await during(() =>
        act(
          () => store.call('approvals.decideMany', { calls, decision, ...(message ? { message } : {}) }),
          (results) => {
            const gone = results.filter(({ outcome }) => outcome === 'gone').length;
            return en.approvals.group.result(results.length - gone, gone, decision === 'deny');
          },
        ),
      );
    },
  };
}
