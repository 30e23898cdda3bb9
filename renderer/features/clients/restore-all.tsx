import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { tellError, useAction } from '../../ui/toast.tsx';

const t = en.clients;

/** Puts every client's entries back, after asking; a client that could not be restored is named. */
export function RestoreAll({ open, onClose }: { open: boolean; onClose(): void }) {
  const store = useStore();
  const act = useAction();
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t.restoreTitle}
      text={t.restoreText}
      action={t.restoreAll}
      onConfirm={async () => {
        const results = await act(
          () => store.call('clients.restoreAll', {}),
          (list) => t.restored(list.filter(({ ok }) => ok).length),
        );
        for (const result of results ?? [])
          if (!result.ok) tellError(new Error(`${result.name}: ${result.message}`));
      }}
    />
  );
}
