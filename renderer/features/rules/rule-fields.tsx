import { useRef } from 'react';
import type { RuleField } from '../../../shared/schemas/rule.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { suggestedBeginning, textOf } from './beginning.ts';

const t = en.rules;

/** One line for each argument: how the rule looks at it, and the value it had in the call. */
export function RuleFields(props: {
  fields: readonly RuleField[];
  /** Paths whose value is a text. */
  canBegin: readonly string[];
  onChange(fields: RuleField[]): void;
}) {
  const { fields, onChange } = props;
  // What each argument was in the call, and what was typed as a beginning: choosing back and forth loses neither.
  const whole = useRef(new Map<string, string>());
  const begun = useRef(new Map<string, string>());
  for (const { path, value } of fields) if (!whole.current.has(path)) whole.current.set(path, value);
  const change = (path: string, next: Partial<RuleField>): void =>
    onChange(fields.map((field) => (field.path === path ? { ...field, ...next } : { ...field })));
  const choose = (field: RuleField, use: RuleField['use']): void => {
    const { path } = field;
    if (field.use === 'begins') begun.current.set(path, field.value);
    const original = whole.current.get(path) ?? field.value;
    change(path, {
      use,
      value: use === 'begins' ? (begun.current.get(path) ?? suggestedBeginning(original)) : original,
    });
  };
  return (
    <section aria-label={t.arguments}>
      <h3 className="font-medium text-muted">{t.arguments}</h3>
      {fields.length === 0 && <p className="mt-1 text-muted">{t.noArguments}</p>}
      <ul className="mt-1 border-line border-t">
        {fields.map((field) => (
          <li
            key={field.path}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-line border-b py-2"
          >
            <span className="min-w-0 font-mono text-small">
              <Untrusted text={field.path} />
            </span>
            <Segmented
              label={t.compared(visibleText(field.path))}
              value={field.use}
              choices={(['exactly', 'begins', 'any'] as const)
                .filter((use) => use !== 'begins' || props.canBegin.includes(field.path))
                .map((value) => ({ value, label: t.use[value] }))}
              onChange={(use) => choose(field, use)}
            />
            <div className="col-span-2 min-w-0">
              <FieldValue field={field} onBeginning={(value) => change(field.path, { value })} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FieldValue({ field, onBeginning }: { field: RuleField; onBeginning(value: string): void }) {
  if (field.use === 'any') return <p className="text-muted">{t.anything}</p>;
  if (field.use === 'begins') {
    const text = textOf(field.value);
    return (
      <textarea
        aria-label={t.beginning(visibleText(field.path))}
        spellCheck={false}
        autoComplete="off"
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        onChange={(event) => onBeginning(JSON.stringify(event.target.value))}
        className="control block h-auto w-full resize-y py-1 font-mono text-small leading-[18px]"
      />
    );
  }
  return (
    <section
      aria-label={visibleText(field.path)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
      tabIndex={0}
      className="max-h-32 overflow-auto rounded-md bg-side px-2 py-1"
    >
      <Untrusted block text={field.value} />
    </section>
  );
}
