import type { ReactNode, RefObject } from 'react';
import { en } from '../../../shared/text/en.ts';
import { Segmented } from '../../ui/segmented.tsx';
import type { AddForm } from './add-server-form.ts';

const t = en.servers.addDialog;
const KINDS = (['stdio', 'http', 'sse'] as const).map((value) => ({ value, label: t.kinds[value] }));

/** The fields of a server: its name, and how it is started or called. */
export function ServerFields(props: {
  form: AddForm;
  first: RefObject<HTMLInputElement | null>;
  set(change: Partial<AddForm>): void;
}) {
  const { form, set } = props;
  return (
    <>
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
    </>
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
