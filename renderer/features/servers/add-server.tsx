import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { tell } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { type AddForm, EMPTY_FORM, readForm } from './add-server-form.ts';

const t = en.servers.addDialog;
const KINDS = (['stdio', 'http', 'sse'] as const).map((value) => ({ value, label: t.kinds[value] }));

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
      <Segmented label={t.kind} value={form.kind} choices={KINDS} onChange={(kind) => set({ kind })} />
      <Field label={t.name} hint={t.nameHint}>
        <input
          ref={props.first}
          value={form.name}
          onChange={(event) => set({ name: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          className="control"
        />
      </Field>
      {form.kind === 'stdio' ? (
        <>
          <Field label={t.command} hint={t.commandHint}>
            <Text
              value={form.command}
              placeholder={t.commandPlaceholder}
              onChange={(command) => set({ command })}
            />
          </Field>
          <Field label={t.env} hint={t.envHint}>
            <Lines value={form.env} placeholder={t.envPlaceholder} onChange={(env) => set({ env })} />
          </Field>
          <Field label={t.cwd} hint={t.cwdHint}>
            <Text value={form.cwd} onChange={(cwd) => set({ cwd })} />
          </Field>
        </>
      ) : (
        <>
          <Field label={t.url}>
            <Text value={form.url} placeholder={t.urlPlaceholder} onChange={(url) => set({ url })} />
          </Field>
          <Field label={t.headers} hint={t.headersHint}>
            <Lines
              value={form.headers}
              placeholder={t.headersPlaceholder}
              onChange={(headers) => set({ headers })}
            />
          </Field>
        </>
      )}
      <p role="alert" className="text-bad empty:hidden">
        {problem && <Untrusted text={problem} />}
      </p>
    </form>
  );
}

function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    // The field is a child, so the label names it.
    // biome-ignore lint/a11y/noLabelWithoutControl: see above
    <label className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      {children}
      {hint && <span className="text-muted text-small">{hint}</span>}
    </label>
  );
}

interface InputProps {
  value: string;
  placeholder?: string;
  onChange(value: string): void;
}
function Text({ onChange, ...rest }: InputProps) {
  return (
    <input
      {...rest}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      spellCheck={false}
      className="control font-mono text-small"
    />
  );
}
function Lines({ onChange, ...rest }: InputProps) {
  return (
    <textarea
      {...rest}
      rows={2}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="off"
      spellCheck={false}
      className="control h-auto resize-y py-1.5 font-mono text-small"
    />
  );
}
