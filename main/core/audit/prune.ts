import type { EndParts } from './chain/chain-end.ts';
import { type Limits, pruneStep } from './retention.ts';
import { reason } from './schema.ts';

const FIRST_PRUNE_MS = 2_000;
const PRUNE_MS = 60 * 60_000;
const PRUNE_STEP_MS = 50;

export interface PruneParts extends EndParts {
  readonly retention: () => Limits;
  /** Brings everything that waits onto the disk. */
  flush(): void;
  writeHead(): void;
}

/**
 * Removes old entries, soon after the start and each hour, in small steps with pauses for the calls.
 * @returns what stops it
 */
export function startPruning(parts: PruneParts): () => void {
  const { clock, log, database, chain, head, retention } = parts;
  let cancel: (() => void) | undefined;
  const pruneSoon = (ms: number): void => {
    cancel = clock.after(ms, () => {
      let more = false;
      try {
        parts.flush();
        const before = chain.base.seq;
        more = pruneStep(database, chain, retention(), clock.now());
        if (chain.base.seq !== before) {
          head.forgetFaultsUpTo(chain.base.seq);
          parts.writeHead();
        }
      } catch (error) {
        log('error', `Old audit entries could not be removed; trying again in an hour (${reason(error)})`);
      }
      pruneSoon(more ? PRUNE_STEP_MS : PRUNE_MS);
    });
  };
  pruneSoon(FIRST_PRUNE_MS);
  return () => cancel?.();
}
