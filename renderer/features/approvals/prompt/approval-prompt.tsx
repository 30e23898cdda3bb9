import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { useArmed } from '../../../ui/use-armed.ts';
import { DenyMessage } from '../answer/deny-message.tsx';
import { EditForm } from '../answer/edit-form.tsx';
import { MoreMenu } from '../answer/more-menu.tsx';
import { PaceBanner, PauseForm } from '../answer/pause.tsx';
import { RuleForm } from '../answer/rule-form.tsx';
import { ArgumentsView } from '../arguments/arguments-view.tsx';
import { contentKey } from '../queue/entries.ts';
import { useFit } from '../queue/use-fit.ts';
import { AllowButton } from './allow-button.tsx';
import { announcement } from './announcement.ts';
import { ApprovalCountdown } from './approval-countdown.tsx';
import { ApprovalReason, ApprovalSentence } from './approval-sentence.tsx';
import { DefinitionBanner } from './definition-banner.tsx';
import { KeyHints, ToRead } from './hints.tsx';
import { answerKeys } from './prompt-keys.ts';
import { useDecide } from './use-decide.ts';
import { useHold } from './use-hold.ts';
import { scrollOn, useRead } from './use-read.ts';

const t = en.approvals;

export interface PromptProps {
  approval: ApprovalView;
  /** Puts the focus on Deny when the prompt comes. */
  takeFocus: boolean;
  onLater(): void;
}

/** One call that waits: who, what, where, why, the whole arguments, and the answers. */
export function ApprovalPrompt({ approval, takeFocus, onLater }: PromptProps) {
  const content = useMemo(() => contentKey(approval), [approval]);
  const isArmed = useArmed(content);
  const heading = useRead(content);
  const { ref: box, isRead: isCallRead } = useRead(content);
  const decide = useDecide();
  const [form, setForm] = useState<'none' | 'message' | 'pause' | 'rule' | 'edit'>('none');
  const denyButton = useRef<HTMLButtonElement>(null);
  const isCritical = approval.risk.severity === 'Critical';
  const hold = useHold(content, () => void decide.allow(approval));
  const isRead = heading.isRead && isCallRead;
  const ready = isArmed && isRead;
  const able = ready && !decide.busy;
  const close = (): void => setForm('none');
  useFit(content, box);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new prompt, and each form that is left, comes back to Deny
  useEffect(() => {
    if (takeFocus && form === 'none') denyButton.current?.focus({ preventScroll: true });
  }, [takeFocus, approval.id, form]);
  // What was begun for other arguments or another definition is not for these.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setForm('none'), [content]);

  const onKeyDown = (event: KeyboardEvent): void =>
    answerKeys(event, {
      later: onLater,
      deny: () => {
        if (!decide.busy) void decide.deny(approval);
      },
      allow: () => {
        if (!heading.isRead) scrollOn(heading.ref.current);
        else if (!isRead) scrollOn(box.current);
        else if (able && isCritical) hold.start();
        else if (able) void decide.allow(approval);
      },
    });
  return (
    <section
      aria-label={announcement(approval)}
      onKeyDown={onKeyDown}
      onKeyUp={hold.stop}
      // A click anywhere on the prompt brings its keys here.
      tabIndex={-1}
      className="flex min-h-0 grow flex-col gap-3 outline-none"
    >
      <ApprovalSentence approval={approval} box={heading.ref} />
      {form === 'rule' && <RuleForm approval={approval} ready={ready} decide={decide} onCancel={close} />}
      {form === 'edit' && <EditForm {...{ approval, content, ready, isCritical, decide }} onCancel={close} />}
      {form !== 'rule' && form !== 'edit' && (
        <>
          <section
            ref={box}
            aria-label={t.call}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard
            tabIndex={0}
            className="-mx-1 min-h-24 grow basis-0 overflow-auto px-1"
          >
            <div className="flex flex-col gap-3">
              <ApprovalReason approval={approval} />
              <DefinitionBanner approval={approval} />
              <ArgumentsView approval={approval} />
            </div>
          </section>
          {!isRead && <ToRead onMore={() => scrollOn(heading.isRead ? box.current : heading.ref.current)} />}
          {form !== 'pause' && <PaceBanner approval={approval} onPause={() => setForm('pause')} />}
          <ApprovalCountdown approval={approval} />
          {form === 'message' && (
            <DenyMessage
              busy={decide.busy}
              onDeny={(message) => void decide.deny(approval, message)}
              onCancel={close}
            />
          )}
          {form === 'pause' && <PauseForm approval={approval} onDone={close} />}
          {form === 'none' && (
            <div className="flex flex-wrap items-center gap-2">
              <Button
                ref={denyButton}
                onClick={() => void decide.deny(approval)}
                disabled={decide.busy}
                className="px-4 font-medium"
              >
                {t.deny}
              </Button>
              <Button look="quiet" onClick={() => setForm('message')} disabled={decide.busy}>
                {t.denyWith}
              </Button>
              <span className="grow" />
              <MoreMenu
                approval={approval}
                ready={ready}
                busy={decide.busy}
                onScope={(scope) => void decide.allow(approval, { scope })}
                onRule={() => setForm('rule')}
                onEdit={() => setForm('edit')}
                onPause={() => setForm('pause')}
              />
              <AllowButton
                able={able}
                hold={isCritical ? hold : null}
                onAllow={() => void decide.allow(approval)}
              />
            </div>
          )}
          <KeyHints isCritical={isCritical} />
        </>
      )}
    </section>
  );
}
