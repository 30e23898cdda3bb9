import { en } from '../../../../shared/text/en.ts';

const t = en.overview.firstRun;
const CHOICES = [
  { enforce: false, ...t.observe },
  { enforce: true, ...t.enforce },
] as const;

/** How servers start: only observed, or with the recommended rules in force. The person chooses; observing is the default. */
export function PolicyChoice(props: {
  enforce: boolean;
  disabled: boolean;
  onChange(enforce: boolean): void;
}) {
  return (
    <fieldset disabled={props.disabled} className="mt-6 flex flex-col gap-2">
      <legend className="sr-only">{t.start}</legend>
      {CHOICES.map(({ enforce, label, detail }) => (
        <label key={label} className="flex max-w-[72ch] items-start gap-2.5">
          <input
            type="radio"
            name="start"
            checked={props.enforce === enforce}
            onChange={() => props.onChange(enforce)}
            className="mt-1 size-3.5 shrink-0 accent-invert"
          />
          <span>
            {label}
            <span className="block text-muted">{detail}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
