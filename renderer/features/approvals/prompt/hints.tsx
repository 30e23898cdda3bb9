import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { MOD } from '../../../ui/keys.ts';

const t = en.approvals;

/** Says why Allow cannot be pressed yet, and goes on reading. */
export function ToRead({ onMore }: { onMore(): void }) {
  return (
    <div className="-mt-1 flex shrink-0 items-center gap-2 text-warn">
      <p className="grow">{t.toRead}</p>
      <Button look="quiet" onClick={onMore}>
        {t.scrollOn}
      </Button>
    </div>
  );
}

export function KeyHints({ isCritical }: { isCritical: boolean }) {
  return (
    <p aria-hidden="true" className="flex shrink-0 gap-4 text-muted text-small">
      <span>{`${MOD}⌫ ${t.keys.deny}`}</span>
      <span>{`${MOD}⏎ ${isCritical ? t.keys.hold : t.keys.allow}`}</span>
      <span>{`Esc ${t.keys.later}`}</span>
    </p>
  );
}
