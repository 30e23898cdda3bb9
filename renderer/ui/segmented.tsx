import { type KeyboardEvent, memo, useState } from 'react';
import { cx } from './cx.ts';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  /** Class names when it is the chosen one. */
  readonly on?: string;
}
export interface SegmentedProps<T extends string> {
  label: string;
  value: T | null;
  choices: readonly Choice<T>[];
  onChange(value: T): void;
  disabled?: boolean;
}

const STEP: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

/** Moves the focus among the buttons of a group. */
function move(event: KeyboardEvent<HTMLElement>): void {
  const step = STEP[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  if (at === -1) return;
  event.preventDefault();
  buttons[step(at, buttons.length)]?.focus();
}

/**
 * One of a few, all in sight, and one tab stop; arrow keys, Home and End move, Space or Enter chooses. Moving does not
 * choose, as it would among radio buttons: a choice takes effect at once. Plain buttons, because tables have hundreds.
 */
export const Segmented = memo(function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { value, choices } = props;
  const [focused, setFocused] = useState<T | null>(null);
  const stop = focused ?? (choices.some((choice) => choice.value === value) ? value : choices[0]?.value);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset lays its content out by rules of its own
    <div
      role="group"
      aria-label={props.label}
      aria-disabled={props.disabled || undefined}
      onKeyDown={move}
      onBlur={() => setFocused(null)}
      className="inline-flex h-6 items-stretch rounded-md bg-hover p-0.5"
    >
      {choices.map((choice) => {
        const isOn = value === choice.value;
        return (
          <button
            key={choice.value}
            type="button"
            tabIndex={choice.value === stop ? 0 : -1}
            aria-pressed={isOn}
            disabled={props.disabled}
            title={choice.hint}
            onFocus={() => setFocused(choice.value)}
            onClick={() => {
              if (!isOn) props.onChange(choice.value);
            }}
            className={cx(
              'rounded-sm px-2 text-small leading-4 transition-colors',
              isOn
                ? `bg-pressed font-medium shadow-[0_0_0_1px_var(--c-line)] ${choice.on ?? 'text-text'}`
                : 'text-muted hover:text-text',
            )}
          >
            {choice.label}
          </button>
        );
      })}
    </div>
  );
}) as <T extends string>(props: SegmentedProps<T>) => React.JSX.Element;
