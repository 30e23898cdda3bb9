import { useState } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { useStore } from '../../../client/hooks.ts';
import { tell, tellError } from '../../../ui/toast.tsx';

/** Saves a text over the version it is based on; when another is in force by then, the core refuses and nothing is lost. */
export function useSavePolicy(
  server: string,
  onSaved: () => void,
): { busy: boolean; save(text: string, basedOn: string): Promise<void> } {
  const store = useStore();
  const [busy, setBusy] = useState(false);
  const save = async (text: string, basedOn: string): Promise<void> => {
    setBusy(true);
    try {
      await store.call('policy.set', { server, text, basedOn });
      tell(en.policies.saved);
      onSaved();
    } catch (error) {
      tellError(error);
    }
    setBusy(false);
  };
  return { busy, save };
}
