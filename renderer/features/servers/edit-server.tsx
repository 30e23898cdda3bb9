import { type FormEvent, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useLoad, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Loading } from '../../ui/page.tsx';
import { tell } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { AddForm } from './add-server-form.ts';
import { formOf, readEdit } from './edit-server-form.ts';
import { ServerFields } from './server-fields.tsx';

const t = en.servers.life;

/** Changes how a server is reached, and its name. */
export function EditServer({ name, onClose }: { name: string; onClose(): void }) {
  const formId = useId();
  const first = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const config = useLoad('servers.config', { name }, name);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.editTitle(name)}
      lead={t.editLead}
      initialFocus={first}
      footer={
        <>
          <Button onClick={onClose}>{en.app.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={busy} disabled={!config.data}>
            {t.save}
          </Button>
        </>
      }
    >
      {config.error && <Failure error={config.error} retry={config.reload} />}
      {!config.data && !config.error && <Loading />}
      {config.data && (
        <Form id={formId} name={name} before={config.data} first={first} setBusy={setBusy} onDone={onClose} />
      )}
    </Dialog>
  );
}

function Form(props: {
  id: string;
  name: string;
  before: ServerConfig;
  first: React.RefObject<HTMLInputElement | null>;
  setBusy(busy: boolean): void;
  onDone(): void;
}) {
  const { name, before, onDone } = props;
  const store = useStore();
  const [, navigate] = useLocation();
  const [form, setForm] = useState<AddForm>(() => formOf(name, before));
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const to = form.name.trim();
    const read = readEdit(form, before);
    if ('problem' in read) return setProblem(read.problem);
    props.setBusy(true);
    try {
      if (JSON.stringify(read.config) !== JSON.stringify(before))
        await store.call('servers.edit', { name, config: read.config });
      if (to !== name) {
        const results = await store.call('servers.rename', { name, to });
        const failed = results.find(({ ok }) => !ok);
        navigate(`/servers/${encodeURIComponent(to)}`);
        tell(failed ? failed.message : t.renamed(to, results.length));
      } else tell(t.saved(name));
      onDone();
    } catch (error) {
      const { message, fix } = asRpcError(error);
      setProblem(fix ? `${message} ${fix}` : message);
    } finally {
      props.setBusy(false);
    }
  };
  return (
    <form id={props.id} onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
      <ServerFields
        form={form}
        first={props.first}
        set={(change) => setForm((now) => ({ ...now, ...change }))}
      />
      <p role="alert" className="text-bad empty:hidden">
        {problem && <Untrusted text={problem} />}
      </p>
    </form>
  );
}
