import type { DefinitionChange } from '../../../../shared/schemas/pin.ts';
import { en } from '../../../../shared/text/en.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { WordDiff } from '../../../ui/word-diff.tsx';

const t = en.tools.reviewing;

/** Each field that differs, with its path and a word diff. */
export function ChangedFields({ change }: { change: DefinitionChange }) {
  if (change.fields.length === 0) return <p>{t.noFields}</p>;
  return (
    <ul className="flex flex-col gap-3">
      {change.fields.map((field) => (
        <li key={field.path}>
          <h4 className="font-mono text-muted text-small">
            <Untrusted text={field.path} />
          </h4>
          <div className="mt-1 rounded-md border border-line bg-side px-3 py-2">
            <WordDiff parts={field.parts} />
          </div>
        </li>
      ))}
    </ul>
  );
}
