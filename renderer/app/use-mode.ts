import type { ModeName } from '../../shared/schemas/common.ts';
import { en } from '../../shared/text/en.ts';
import { useStore } from '../client/hooks.ts';
import { useAction } from '../ui/toast.tsx';

export const BYPASS_MINUTES = 15;

/** Changes the mode for everything and says so. */
export function useSetMode(): (mode: ModeName, done?: string) => Promise<void> {
  const store = useStore();
  const act = useAction();
  return async (mode, done = en.app.mode.set(mode)) => {
    await act(
      () => store.call('mode.set', { mode, ...(mode === 'bypass' ? { minutes: BYPASS_MINUTES } : {}) }),
      done,
    );
  };
}
