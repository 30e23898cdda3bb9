import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import type { ServerView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { useAction } from '../../../ui/toast.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';

const t = en.servers.quarantine;

/** Says why all changed tools of a server are blocked together, what that means, and ends it after a question. */
export function QuarantineBar({ server }: { server: ServerView }) {
  const store = useStore();
  const act = useAction();
  const [asking, setAsking] = useState(false);
  if (server.quarantine === null) return null;
  return (
    <div role="alert" className="mx-6 mb-3 flex items-start gap-3 rounded-md bg-bad-soft px-3 py-2">
      <ShieldAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 grow">
        <p>
          <strong className="font-medium text-bad">{t.title}</strong> <Untrusted text={server.quarantine} />
        </p>
        <p>{t.meaning}</p>
      </div>
      <Button onClick={() => setAsking(true)}>{t.release}</Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t.confirmTitle(server.name)}
        text={t.confirmText}
        action={t.release}
        onConfirm={() =>
          act(() => store.call('pins.release', { server: server.name }), t.released(server.name))
        }
      />
    </div>
  );
}
