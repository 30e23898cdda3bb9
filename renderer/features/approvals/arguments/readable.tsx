import { en } from '../../../../shared/text/en.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { Code } from './code.tsx';
import { EditDiff } from './edit-diff.tsx';
import { type Argument, type Arguments, type Field, isMany } from './fields.ts';

const t = en.approvals;

/** Every argument by its name, values in their own lines; those to look at first come first. */
export function Readable({ of }: { of: Arguments }) {
  if (of.list.length === 0) return <p className="text-muted">{t.arguments(0)}</p>;
  if (!isMany(of)) return <ArgumentList list={of.list} />;
  return (
    <>
      <h4 className="text-muted text-small">{t.first}</h4>
      <div data-part="first">
        <ArgumentList list={of.list.filter(({ first }) => first)} />
      </div>
      <h4 className="mt-3 border-line border-t pt-2 text-muted text-small">{t.others}</h4>
      <ArgumentList list={of.list.filter(({ first }) => !first)} />
    </>
  );
}

export function ArgumentList({ list }: { list: readonly Argument[] }) {
  return (
    <dl className="flex flex-col gap-2">
      {list.flatMap((argument) =>
        argument.fields.map((field) => (
          <FieldView
            key={`${argument.key}\n${field.path}`}
            field={field}
            byRule={argument.first === 'rule'}
          />
        )),
      )}
    </dl>
  );
}

/** Short values stand beside their name; a text has a block of its own, with a line on its side that nothing in it can draw. */
function FieldView({ field, byRule }: { field: Field; byRule: boolean }) {
  const isShort = field.kind === 'raw' && field.raw.length <= 80 && !field.raw.includes('\n');
  return (
    <div data-field={field.path} className={isShort ? 'flex gap-3' : ''}>
      <dt className="flex min-w-0 max-w-2/5 shrink-0 items-baseline gap-2 text-muted">
        <Untrusted text={field.path} className="font-mono text-small leading-[18px]" />
        {byRule && <span className="whitespace-nowrap text-small text-warn">{t.byRule}</span>}
      </dt>
      <dd className="min-w-0 grow">
        {field.kind === 'raw' ? (
          <Code text={field.raw} language="json" />
        ) : (
          <div className="mt-0.5 border-line-strong border-l-2 bg-ground py-1 pl-2">
            {field.kind === 'edit' ? (
              <EditDiff before={field.before} after={field.after} />
            ) : (
              <Code text={field.text} language={field.language} />
            )}
          </div>
        )}
      </dd>
    </div>
  );
}
