import { type FormEvent, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { tell } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { type AddForm, EMPTY_FORM, readForm } from './add-server-form.ts';
import { ServerFields } from './server-fields.tsx';

const t = en.servers.addDialog;

export function AddServer({ open, onClose }: { open: boolean; onClose(): void }) {
  const formId = useId();
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.title}
      lead={t.lead}
      initialFocus={first}
      footer={
        <>
          <Button onClick={onClose}>{en.app.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={busy}>
            {t.submit}
          </Button>
        </>
      }
    >
      <Form id={formId} first={first} setBusy={setBusy} />
    </Dialog>
  );
}

function Form(props: {
  id: string;
  first: React.RefObject<HTMLInputElement | null>;
  setBusy(busy: boolean): void;
}) {
  const store = useStore();
  const servers = useCore((state) => state.servers);
  const [, navigate] = useLocation();
  const [form, setForm] = useState(EMPTY_FORM);
  const [problem, setProblem] = useState<string | null>(null);
  const set = (change: Partial<AddForm>): void => setForm((before) => ({ ...before, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const name = form.name.trim();
    const read = readForm(form);
    if ('problem' in read) return setProblem(read.problem);
    if (servers.some((server) => server.name === name)) return setProblem(t.errors.taken(name));
    props.setBusy(true);
    try {
      await store.call('servers.add', { name, config: read.config });
      tell(t.added(name));
      navigate(`/servers/${encodeURIComponent(name)}`);
    } catch (error) {
      const { message, fix } = asRpcError(error);
      setProblem(fix ? `${message} ${fix}` : message);
    } finally {
      props.setBusy(false);
    }
  };
  return (
    <form id={props.id} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <ServerFields form={form} first={props.first} set={set} />
      <p role="alert" className="text-bad empty:hidden">
        {problem && <Untrusted text={problem} />}
      </p>
    </form>
  );
}
