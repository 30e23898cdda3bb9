import { LogIn } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { ServerView, SignInView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { useNow, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { clockTime, countdown } from '../../ui/format.ts';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { isPage, type SignInAction, useSignIn } from './use-sign-in.ts';

const t = en.servers.signIn;

/** Whether a person can do something about the sign-in of a server now. */
export function wantsSignIn({ status, signIn }: ServerView): boolean {
  return signIn?.state !== 'waiting' && (status === 'signin' || signIn?.state === 'needed');
}

/** The sign-in of a server: what it needs, what it waits for, or as whom it works. Nothing where there is none. */
export function SignInBar({ server }: { server: ServerView }) {
  const action = useSignIn(server.name);
  const { signIn } = server;
  if (!signIn && server.status !== 'signin') return null;
  return (
    <div role="status" aria-live="polite" className="mx-6 mb-3">
      {signIn?.state === 'waiting' ? (
        <Waiting server={server.name} signIn={signIn} />
      ) : signIn?.state === 'signed-in' ? (
        <SignedIn server={server} signIn={signIn} action={action} />
      ) : (
        <Bar tone="warn" text={signIn?.text ?? (signIn ? t.signedOut : t.needed)}>
          <Button look="primary" icon={LogIn} busy={action.busy} onClick={() => void action.start()}>
            {t.start}
          </Button>
        </Bar>
      )}
      <ClientDialog server={server.name} action={action} />
    </div>
  );
}

/** In the list of servers, in the place of the status. */
export function SignInButton({ server }: { server: string }) {
  const action = useSignIn(server);
  return (
    <span className="relative z-10">
      <Button
        icon={LogIn}
        busy={action.busy}
        aria-label={t.startFor(server)}
        onClick={() => void action.start()}
      >
        {t.start}
      </Button>
      <ClientDialog server={server} action={action} />
    </span>
  );
}

function Bar(props: { tone: 'warn' | 'info'; text: string; children: ReactNode }) {
  return (
    <div
      className={cx(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md px-3 py-2',
        props.tone === 'warn' ? 'bg-warn-soft' : 'bg-info-soft',
      )}
    >
      <p className="min-w-0 grow basis-60">
        <Untrusted text={props.text} />
      </p>
      {props.children}
    </div>
  );
}

function Waiting({ server, signIn }: { server: string; signIn: SignInView }) {
  const store = useStore();
  const act = useAction();
  const now = useNow(1000);
  const { url, until, issuer } = signIn;
  return (
    <Bar tone="info" text={t.finish(issuer ?? '')}>
      {until !== null && (
        // Said once with the bar; counting aloud would only disturb.
        <span aria-hidden="true" className="text-muted tabular-nums">
          {t.left(countdown(until - now))}
        </span>
      )}
      {url !== null && isPage(url) && (
        <a href={url} target="_blank" rel="noopener noreferrer" className="underline underline-offset-2">
          {t.open}
        </a>
      )}
      <Button onClick={() => void act(() => store.call('servers.cancelSignIn', { name: server }))}>
        {t.cancel}
      </Button>
    </Bar>
  );
}

function SignedIn(props: { server: ServerView; signIn: SignInView; action: SignInAction }) {
  const { server, signIn, action } = props;
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState(false);
  const now = useNow(30_000);
  const signOut = async (): Promise<void> => {
    setBusy(true);
    await act(() => store.call('servers.signOut', { name: server.name }), t.signedOutOf(server.name));
    setBusy(false);
  };
  const troubled = signIn.text !== null || server.status === 'signin';
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        <span className="min-w-0">
          <Untrusted text={t.signedIn(signIn.issuer ?? '')} />
        </span>
        {!signIn.renews && signIn.until !== null && <span>{t.until(clockTime(signIn.until, now))}</span>}
        <Button busy={busy} onClick={() => void signOut()}>
          {t.signOut}
        </Button>
      </div>
      {troubled && (
        <div className="mt-2">
          <Bar tone="warn" text={signIn.text ?? server.statusText ?? t.needed}>
            <Button icon={LogIn} busy={action.busy} onClick={() => void action.start()}>
              {t.again}
            </Button>
          </Bar>
        </div>
      )}
    </>
  );
}

/** Asks for a client that the person registered by hand, where programs cannot register themselves. */
function ClientDialog({ server, action }: { server: string; action: SignInAction }) {
  const formId = useId();
  const [id, setId] = useState('');
  const [secret, setSecret] = useState('');
  const { asks } = action;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = id.trim();
    if (wanted !== '') void action.start({ id: wanted, ...(secret === '' ? {} : { secret }) });
  };
  return (
    <Dialog
      open={asks !== null}
      onClose={action.dismiss}
      title={<Untrusted text={t.clientTitle(server)} />}
      lead={<Untrusted text={asks ? [asks.message, asks.fix].filter(Boolean).join(' ') : ''} />}
      footer={
        <>
          <Button onClick={action.dismiss}>{en.app.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={action.busy} disabled={id.trim() === ''}>
            {t.start}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-3">
        <label className="flex flex-col gap-1">
          <span>{t.clientId}</span>
          <input
            value={id}
            onChange={(event) => setId(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="control"
          />
        </label>
        <label className="flex flex-col gap-1">
          <span>{t.clientSecret}</span>
          <input
            type="password"
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
            autoComplete="off"
            className="control"
          />
          <span className="text-muted text-small">{t.clientSecretHint}</span>
        </label>
      </form>
    </Dialog>
  );
}
