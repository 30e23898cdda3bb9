import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients.byHand;

/** What a person does in a client whose settings no program can write, with the address and the token command to copy. */
export function ByHand({ client }: { client: ClientView }) {
  const gateway = useCore((state) => state.core.gateway);
  if (client.byHand === null) return null;
  const token = t.tokenCommand(client.id);
  return (
    <section aria-label={t.title(client.name)} className="max-w-[96ch]">
      <p className="text-muted">{t.why}</p>
      <ol className="mt-2 list-decimal pl-5 marker:text-muted">
        {client.byHand.steps.map((step) => (
          <li key={step} className="py-0.5 pl-1">
            <Untrusted text={step} />
          </li>
        ))}
      </ol>
      <dl className="mt-2 border-line border-t">
        {gateway && <Copyable label={t.address} text={`${gateway}/mcp`} copy={t.copyAddress} />}
        <Copyable label={t.token} text={token} copy={t.copyToken} />
      </dl>
      {client.byHand.note && (
        <p className="mt-2 text-muted">
          <Untrusted text={client.byHand.note} />
        </p>
      )}
      {client.lastHandshake === null && <p className="mt-1 text-muted">{t.waiting}</p>}
    </section>
  );
}

/** A line with a text and the button that copies it. */
export function Copyable({ label, text, copy }: { label: string; text: string; copy: string }) {
  return (
    <div className="flex min-h-9 items-center gap-4 border-line border-b">
      <dt className="w-48 shrink-0 text-muted">{label}</dt>
      <dd className="flex min-w-0 grow items-center gap-2">
        <code className="min-w-0 grow truncate font-mono text-small">
          <Untrusted text={text} />
        </code>
        <CopyButton label={copy} text={text} done={en.clients.copied} />
      </dd>
    </div>
  );
}
