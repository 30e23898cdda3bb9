import { en } from '../../../../shared/text/en.ts';

const t = en.settings.startAtLogin;

/** Whether Drawbridge is to start with the computer, once clients depend on it. */
export function LoginChoice(props: { on: boolean; disabled: boolean; onChange(on: boolean): void }) {
  return (
    <label className="mt-4 flex items-start gap-3">
      <input
        type="checkbox"
        checked={props.on}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
        className="mt-0.75 size-3.5 accent-invert"
      />
      <span>
        <span className="block">{t.first}</span>
        <span className="block text-muted">{t.firstDetail}</span>
      </span>
    </label>
  );
}
