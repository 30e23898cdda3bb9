import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { cx } from './cx.ts';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  /** Class names when it is the chosen one. */
  readonly on?: string;
}

/** One of a few, all in sight; arrow keys move, Space or Enter chooses. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T | null;
  choices: readonly Choice<T>[];
  onChange(value: T): void;
  disabled?: boolean;
}) {
  return (
    <ToggleGroup
      aria-label={props.label}
      value={props.value === null ? [] : [props.value]}
      onValueChange={(next) => {
        const [value] = next;
        if (value !== undefined) props.onChange(value as T);
      }}
      disabled={props.disabled}
      className="inline-flex h-6 items-stretch rounded-md bg-hover p-0.5"
    >
      {props.choices.map((choice) => (
        <Toggle
          key={choice.value}
          value={choice.value}
          title={choice.hint}
          className={cx(
            'rounded-sm px-2 text-small text-muted leading-4 transition-colors hover:text-text data-pressed:bg-pressed data-pressed:font-medium data-pressed:shadow-[0_0_0_1px_var(--c-line)]',
            props.value === choice.value && (choice.on ?? 'data-pressed:text-text'),
          )}
        >
          {choice.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
