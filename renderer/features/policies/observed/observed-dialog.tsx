import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { ServerView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useCore, useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useAction } from '../../../ui/toast.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { enforceServer } from './enforce-server.ts';
import type { ObservedServer } from './use-observed.ts';

const t = en.policies.observed;
const LINK = 'text-muted underline underline-offset-2 hover:text-text';

/** Server by server: what enforcing would have stopped, where to look at it, and the button that enforces. */
export function ObservedDialog(props: {
  servers: readonly ServerView[];
  counted: readonly ObservedServer[] | undefined;
  onClose(): void;
}) {
  const enforce = useEnforce();
  const [busy, setBusy] = useState<string>();
  return (
    <Dialog wide open onClose={props.onClose} title={t.listTitle} lead={t.listLead}>
      {props.servers.length === 0 && <p className="text-good">{t.done}</p>}
      <ul>
        {props.servers.map((server) => {
          const found = props.counted?.find((each) => each.server.name === server.name);
          const shown = visibleText(server.name);
          const path = encodeURIComponent(server.name);
          return (
            <li
              key={server.name}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2"
            >
              <div className="min-w-0 grow basis-60">
                <p className="font-medium">
                  <Untrusted text={server.name} />
                </p>
                {found && <Would found={found} />}
              </div>
              <Link href={`/policies/${path}`} aria-label={t.showPolicyOf(shown)} className={LINK}>
                {t.showPolicy}
              </Link>
              <Button
                aria-label={t.enforceOf(shown)}
                busy={busy === server.name}
                onClick={async () => {
                  setBusy(server.name);
                  await enforce(server);
                  setBusy(undefined);
                }}
              >
                {t.enforce}
              </Button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}

/** Each count leads to its calls. */
function Would({ found }: { found: ObservedServer }) {
  const { server, asked, denied } = found;
  if (asked.n + denied.n === 0) return <p className="text-muted">{t.wouldNone}</p>;
  const link = (would: 'ask' | 'deny', text: string): ReactNode => (
    <Link href={`/activity/would/${would}/${encodeURIComponent(server.name)}`} className={LINK}>
      {text}
    </Link>
  );
  return (
    <p className="text-muted">
      {t.would}
      {asked.n > 0 && link('ask', t.asked(t.times(asked.n, asked.more)))}
      {asked.n > 0 && denied.n > 0 && t.and}
      {denied.n > 0 && link('deny', t.denied(t.times(denied.n, denied.more)))}.
    </p>
  );
}

function useEnforce(): (server: ServerView) => Promise<void> {
  const store = useStore();
  const act = useAction();
  const everywhere = useCore((state) => state.mode);
  return async (server) => {
    await act(() => enforceServer(store, server, everywhere), t.enforced(visibleText(server.name)));
  };
}
