import { Tooltip } from '@base-ui/react/tooltip';
import type { PinView } from '../../../../shared/schemas/pin.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';

const t = en.tools;
const TONE: Record<PinView['state'], Tone> = {
  'first-seen': 'none',
  reviewed: 'none',
  new: 'info',
  passed: 'none',
  blocked: 'warn',
};

/** Whether a person may still say that the definition is good. */
export function isReviewable({ state }: PinView): boolean {
  return state === 'blocked' || state === 'new' || state === 'passed';
}

/** New, changed or waiting; nothing for a definition that is as it was. Under the pointer or the focus it says why. */
export function PinBadge(props: { tool: string; pin: PinView; onOpen(): void }) {
  const { pin } = props;
  const label = t.pin[pin.state];
  if (label === null) return null;
  const reasons = pin.reasons.length > 0 ? pin.reasons : [t.pinHint[pin.state]];
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        onClick={props.onOpen}
        aria-label={`${t.pinOf(label, visibleText(props.tool))}. ${reasons.map((reason) => visibleText(reason)).join(' ')}`}
        className="shrink-0 rounded-sm"
      >
        <Badge tone={TONE[pin.state]}>{label}</Badge>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner side="bottom" sideOffset={6} align="start" className="z-50">
          <Tooltip.Popup className="pop fade w-80 p-3">
            <p className="font-medium">{label}</p>
            <Reasons reasons={reasons} className="mt-1" />
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Sentences of the core about a definition; they quote it, so they are untrusted. */
export function Reasons({ reasons, className = '' }: { reasons: readonly string[]; className?: string }) {
  return (
    <ul className={`flex flex-col gap-1 ${className}`}>
      {reasons.map((reason) => (
        <li key={reason}>
          <Untrusted text={reason} />
        </li>
      ))}
    </ul>
  );
}
