import { useCallback, useSyncExternalStore } from 'react';
import { createListeners, type Listeners } from '../../../../shared/base/listeners.ts';
import { useStore } from '../../../client/hooks.ts';
import type { Store } from '../../../client/store.ts';

/** A text that is being edited, and the version of the policy it began from. */
export interface PolicyDraft {
  readonly text: string;
  readonly from: string;
}
interface Drafts {
  readonly byServer: Map<string, PolicyDraft>;
  readonly listeners: Listeners;
}

/** Unsaved texts outlive their page: a look at a call in the activity must not lose them. */
const kept = new WeakMap<Store, Drafts>();

function draftsOf(store: Store): Drafts {
  let drafts = kept.get(store);
  if (!drafts) {
    drafts = { byServer: new Map(), listeners: createListeners() };
    kept.set(store, drafts);
  }
  return drafts;
}

/** The unsaved policy text of a server, if any; `null` lets it go. */
export function usePolicyDraft(
  server: string,
): [PolicyDraft | undefined, (draft: PolicyDraft | null) => void] {
  const drafts = draftsOf(useStore());
  const draft = useSyncExternalStore(drafts.listeners.add, () => drafts.byServer.get(server));
  const set = useCallback(
    (next: PolicyDraft | null) => {
      if (next) drafts.byServer.set(server, next);
      else drafts.byServer.delete(server);
      drafts.listeners.tell();
    },
    [drafts, server],
  );
  return [draft, set];
}
