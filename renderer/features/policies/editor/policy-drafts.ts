import { useCallback, useSyncExternalStore } from 'react';
import { useStore } from '../../../client/hooks.ts';
import type { Store } from '../../../client/store.ts';

/** A text that is being edited, and the version of the policy it began from. */
export interface PolicyDraft {
  readonly text: string;
  readonly from: string;
}
interface Drafts {
  readonly byServer: Map<string, PolicyDraft>;
  readonly listeners: Set<() => void>;
}

/** Unsaved texts outlive their page: a look at a call in the activity must not lose them. */
const kept = new WeakMap<Store, Drafts>();

function draftsOf(store: Store): Drafts {
  let drafts = kept.get(store);
  if (!drafts) {
    drafts = { byServer: new Map(), listeners: new Set() };
    kept.set(store, drafts);
  }
  return drafts;
}

/** The unsaved policy text of a server, if any; `null` lets it go. */
export function usePolicyDraft(
  server: string,
): [PolicyDraft | undefined, (draft: PolicyDraft | null) => void] {
  const drafts = draftsOf(useStore());
  const draft = useSyncExternalStore(
    useCallback(
      (listener) => {
        drafts.listeners.add(listener);
        return () => drafts.listeners.delete(listener);
      },
      [drafts],
    ),
    () => drafts.byServer.get(server),
  );
  const set = useCallback(
    (next: PolicyDraft | null) => {
      if (next) drafts.byServer.set(server, next);
      else drafts.byServer.delete(server);
      for (const listener of drafts.listeners) listener();
    },
    [drafts, server],
  );
  return [draft, set];
}
