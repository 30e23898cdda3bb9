import { BYPASS_MINUTES } from '../../../shared/limits.ts';
import type { Mode, ModeName } from '../../../shared/schemas/common.ts';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { useAction } from '../../ui/toast.tsx';

/** Changes the mode for everything and says so; null goes back to what was before the bridge was raised, or everything let through. */
export function useSetMode(): (mode: ModeName | null, done?: string) => Promise<void> {
  const store = useStore();
  const act = useAction();
  return async (mode, done) => {
    await act(
      () => store.call('mode.set', { mode, ...(mode === 'bypass' ? { minutes: BYPASS_MINUTES } : {}) }),
      ({ mode: now }: Mode) => done ?? en.app.mode.set(now),
    );
  };
}
