import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ApprovalScope, ApprovalView } from '../../../shared/schemas/approval.ts';
import { en } from '../../../shared/text/en.ts';
import { MOD } from '../../app/use-keys.ts';
import { Button } from '../../ui/button.tsx';
import { announcement } from './announcement.ts';
import { ApprovalActions } from './approval-actions.tsx';
import { ApprovalCountdown } from './approval-countdown.tsx';
import { ApprovalReason, ApprovalSentence } from './approval-sentence.tsx';
import { ArgumentsView, useReadToEnd } from './arguments-view.tsx';
import { useArmed } from './use-armed.ts';
import { useDecide } from './use-decide.ts';
import { useHold } from './use-hold.ts';

const t = en.approvals;

export interface PromptProps {
  approval: ApprovalView;
  /** Puts the focus on Deny when the prompt comes. */
  takeFocus: boolean;
  onLater(): void;
}

/** One call that waits: who, what, where, why, the whole arguments, and the answers. */
export function ApprovalPrompt({ approval, takeFocus, onLater }: PromptProps) {
  const content = contentKey(approval);
  const isArmed = useArmed(content);
  const { ref: box, isRead } = useReadToEnd(content);
  const { deciding, allow, deny } = useDecide();
  const [scope, setScope] = useState<ApprovalScope>('once');
  const denyButton = useRef<HTMLButtonElement>(null);
  const isCritical = approval.risk.severity === 'Critical';
  const hold = useHold(content, () => void allow(approval, scope));
  const ready = isArmed && isRead;
  const busy = deciding === approval.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new prompt starts at Deny
  useEffect(() => {
    if (takeFocus) denyButton.current?.focus({ preventScroll: true });
  }, [takeFocus, approval.id]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      onLater();
    } else if (event.ctrlKey || event.metaKey) {
      if (event.key === 'Backspace' && !isText(event.target)) {
        event.preventDefault();
        if (!busy) void deny(approval);
      } else if (event.key === 'Enter') {
        event.preventDefault();
        if (event.repeat || busy) return;
        if (!isRead) scrollOn(box.current);
        else if (ready && isCritical) hold.start();
        else if (ready) void allow(approval, 'once');
      }
    }
  };
  return (
    <section
      aria-label={announcement(approval)}
      onKeyDown={onKeyDown}
      onKeyUp={hold.stop}
      // A click anywhere on the prompt brings its keys here.
      tabIndex={-1}
      className="flex min-h-0 grow flex-col gap-4 outline-none"
    >
      <ApprovalSentence approval={approval} />
      <ApprovalReason approval={approval} />
      <ArgumentsView text={approval.argumentsText} digest={approval.argumentsDigest} box={box} />
      {!isRead && (
        <div className="-mt-2 flex items-center gap-2 text-warn">
          <p className="grow">{t.toRead}</p>
          <Button look="quiet" onClick={() => scrollOn(box.current)}>
            {t.scrollOn}
          </Button>
        </div>
      )}
      <ApprovalCountdown approval={approval} />
      <ApprovalActions
        // A message begun for one call is not for the next.
        key={approval.id}
        approval={approval}
        denyButton={denyButton}
        busy={busy}
        ready={ready}
        hold={isCritical ? hold : null}
        scope={scope}
        onScope={setScope}
        onAllow={(chosen) => void allow(approval, chosen)}
        onDeny={(message) => void deny(approval, message)}
      />
      <p aria-hidden="true" className="-mt-1 flex gap-4 text-muted text-small">
        <span>{`${MOD}⌫ ${t.keys.deny}`}</span>
        <span>{`${MOD}⏎ ${isCritical ? t.keys.hold : t.keys.allow}`}</span>
        <span>{`Esc ${t.keys.later}`}</span>
      </p>
    </section>
  );
}

/** Everything a decision rests on: when any of it changes, Allow is not armed. */
function contentKey(approval: ApprovalView): string {
  const { id, argumentsDigest, argumentsText, why, rule, risk, tool, server, clientName } = approval;
  return JSON.stringify([id, argumentsDigest, argumentsText, why, rule, risk, tool, server, clientName]);
}

function scrollOn(box: HTMLElement | null): void {
  box?.scrollBy({ top: box.clientHeight - 36 });
}

function isText(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
