import { useCallback, useEffect, useRef, useState } from 'react';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import type { RuleDraft, RuleEffect, RuleField } from '../../../shared/schemas/rule.ts';
import { asRpcError, useLink } from '../../client/hooks.ts';

/** How long typing must rest before the rule is worked out again, ms. */
const REST_MS = 200;

/** What the person chose. Without `fields`, the core suggests. */
export interface RuleChoice {
  readonly effect: RuleEffect;
  readonly fields: RuleField[] | undefined;
  readonly everyClient: boolean;
}
export interface DraftedRule {
  /** The newest draft; it may be older than the choice while `busy`. */
  readonly draft: RuleDraft | undefined;
  readonly choice: RuleChoice;
  readonly error: RpcError | undefined;
  /** The draft does not say yet what was chosen: it may not be saved. */
  readonly busy: boolean;
  choose(change: Partial<RuleChoice>): void;
  again(): void;
}

/**
 * Keeps a draft in step with what the person chooses. `ask` works a choice out (`policy.draftRule`, or
 * `approvals.draftRule` in the prompt); it is asked again whenever `basis` changes, e.g. the version of the policy.
 */
export function useRuleDraft(
  ask: (choice: RuleChoice, signal: AbortSignal) => Promise<RuleDraft>,
  basis: string,
  effect: RuleEffect = 'allow',
): DraftedRule {
  const link = useLink();
  const [choice, setChoice] = useState<RuleChoice>({ effect, fields: undefined, everyClient: false });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify([choice, basis, turn]);
  const [result, setResult] = useState<{ key: string; draft?: RuleDraft; error?: RpcError }>({ key: '' });
  const latest = useRef({ ask, choice });
  latest.current = { ask, choice };
  const typed = useRef(false);
  useEffect(() => {
    if (link !== 'live') return;
    const abort = new AbortController();
    const run = (): void => {
      latest.current.ask(latest.current.choice, abort.signal).then(
        (draft) => {
          if (!abort.signal.aborted) setResult({ key, draft });
        },
        (error: unknown) => {
          if (!abort.signal.aborted)
            setResult(({ draft }) => ({ key, error: asRpcError(error), ...(draft ? { draft } : {}) }));
        },
      );
    };
    const timer = setTimeout(run, typed.current ? REST_MS : 0);
    typed.current = false;
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, link]);
  return {
    draft: result.draft,
    choice,
    error: result.key === key ? result.error : undefined,
    busy: result.key !== key,
    choose: useCallback((change) => {
      typed.current = 'fields' in change;
      setChoice((before) => ({ ...before, ...change }));
    }, []),
    again: useCallback(() => setTurn((before) => before + 1), []),
  };
}
