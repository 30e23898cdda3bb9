import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import type { Hold } from './use-hold.ts';

const t = en.approvals;

/**
 * The button that lets a call run. It keeps its place in the order of focus while it may not be pressed, and says so.
 * With `hold` it is held for a second instead of pressed.
 */
export function AllowButton(props: {
  able: boolean;
  hold: Hold | null;
  label?: string;
  holdLabel?: string;
  onAllow(): void;
}) {
  const { able, hold, onAllow } = props;
  const label = hold
    ? hold.holding
      ? t.allowHolding
      : (props.holdLabel ?? t.allowHold)
    : (props.label ?? t.allow);
  return (
    <Button
      look="primary"
      aria-disabled={!able || undefined}
      className="relative overflow-hidden px-4 font-medium aria-disabled:opacity-40"
      title={hold ? t.holdHint : undefined}
      onClick={() => {
        if (able && !hold) onAllow();
      }}
      onPointerDown={(event) => {
        if (able && hold && event.button === 0) hold.start();
      }}
      onPointerUp={hold?.stop}
      onPointerLeave={hold?.stop}
      onKeyDown={(event) => {
        if (!hold || event.ctrlKey || event.metaKey || (event.key !== ' ' && event.key !== 'Enter')) return;
        event.preventDefault();
        if (able && !event.repeat) hold.start();
      }}
      onKeyUp={hold?.stop}
      onBlur={hold?.stop}
    >
      {hold && (
        <span
          aria-hidden="true"
          data-holding={hold.holding || undefined}
          className="hold-fill absolute inset-0 bg-current opacity-25"
        />
      )}
      <span className="relative">{label}</span>
    </Button>
  );
}
