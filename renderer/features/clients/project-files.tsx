import { useState } from 'react';
import type { ClientResult, ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { tell, tellError, useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients.projectFiles;

/**
 * Servers of files that a team shares through git are left as they are. Where the client has a place of the person's own for a
 * project, they are copied there on request, after it was said which, and then routed from there.
 */
export function ProjectFiles({ client, onCopied }: { client: ClientView; onCopied(): void }) {
  const store = useStore();
  const act = useAction();
  const [look, setLook] = useState<ClientResult>();
  const [busy, setBusy] = useState(false);
  if (!client.copiesProjectFiles || !client.entries.some(({ kind }) => kind === 'project')) return null;
  const run = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    const result = await act(() => store.call('clients.copyToLocalScope', { client: client.id, dryRun }));
    setBusy(false);
    if (!result) return;
    if (dryRun || !result.ok) {
      setLook(result);
      if (!result.ok) tellError(new Error(result.message));
      return;
    }
    setLook(undefined);
    tell(result.message);
    onCopied();
  };
  return (
    <div className="my-1 max-w-[88ch] rounded-md bg-info-soft px-3 py-2">
      <p>{t.about(client.name)}</p>
      {look && (
        <p role="status" className="mt-1 text-muted">
          <Untrusted text={look.message} />
        </p>
      )}
      <p className="mt-2 flex gap-2">
        {look?.ok ? (
          <>
            <Button busy={busy} onClick={() => void run(false)}>
              {t.copy}
            </Button>
            <Button look="quiet" onClick={() => setLook(undefined)}>
              {t.cancel}
            </Button>
          </>
        ) : (
          <Button busy={busy} onClick={() => void run(true)}>
            {t.show}
          </Button>
        )}
      </p>
    </div>
  );
}
