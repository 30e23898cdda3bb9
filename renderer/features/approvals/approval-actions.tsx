import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import { type RefObject, useState } from 'react';
import type { ApprovalScope, ApprovalView } from '../../../shared/schemas/approval.ts';
import { en } from '../../../shared/text/en.ts';
import { Button } from '../../ui/button.tsx';
import type { Hold } from './use-hold.ts';

const t = en.approvals;

export interface ActionsProps {
  approval: ApprovalView;
  denyButton: RefObject<HTMLButtonElement | null>;
  busy: boolean;
  /** Allow may be pressed: the content stands still and was read to its end. */
  ready: boolean;
  /** Set for Critical calls: Allow is held, not pressed. */
  hold: Hold | null;
  scope: ApprovalScope;
  onScope(scope: ApprovalScope): void;
  onAllow(scope: ApprovalScope): void;
  onDeny(message?: string): void;
}

export function ApprovalActions(props: ActionsProps) {
  const [message, setMessage] = useState<string | null>(null);
  if (message !== null)
    return (
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          props.onDeny(message.trim());
        }}
        onKeyDown={(event) => {
          // In this form the keys of the prompt mean the form: nothing here may allow the call.
          if (event.key === 'Escape') setMessage(null);
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.currentTarget.requestSubmit();
          } else return;
          event.stopPropagation();
        }}
      >
        <label className="flex flex-col gap-1">
          <span className="text-muted">{t.message}</span>
          <textarea
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            rows={3}
            maxLength={2000}
            value={message}
            placeholder={t.messagePlaceholder}
            onChange={(event) => setMessage(event.target.value)}
            className="control h-auto resize-none py-1.5"
          />
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={() => setMessage(null)}>{en.app.cancel}</Button>
          <Button look="primary" type="submit" busy={props.busy}>
            {t.messageSend}
          </Button>
        </div>
      </form>
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        ref={props.denyButton}
        onClick={() => props.onDeny()}
        disabled={props.busy}
        className="px-4 font-medium"
      >
        {t.deny}
      </Button>
      <Button look="quiet" onClick={() => setMessage('')} disabled={props.busy}>
        {t.denyWith}
      </Button>
      <span className="grow" />
      <AllowMenu {...props} />
      <AllowButton {...props} />
    </div>
  );
}

/** It keeps its place in the order of focus while it may not be pressed, and says so. */
function AllowButton({ ready, busy, hold, scope, onAllow }: ActionsProps) {
  const able = ready && !busy;
  const label = hold
    ? hold.holding
      ? t.allowHolding
      : `${t.allowHold}${scope === 'once' ? '' : `: ${t.scope[scope]}`}`
    : t.allow;
  return (
    <Button
      look="primary"
      aria-disabled={!able || undefined}
      className="relative overflow-hidden px-4 font-medium aria-disabled:opacity-40"
      title={hold ? t.holdHint : undefined}
      onClick={() => {
        if (able && !hold) onAllow('once');
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

/** The longer lasting ways to allow. For a Critical call it only chooses what holding the button then does. */
function AllowMenu({ approval, ready, busy, hold, onScope, onAllow }: ActionsProps) {
  const scopes = approval.scopes.filter((scope) => hold || scope !== 'once');
  if (approval.scopes.every((scope) => scope === 'once')) return null;
  return (
    <Menu.Root>
      <Menu.Trigger
        disabled={!ready || busy}
        render={
          <Button look="quiet">
            {en.app.more}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-60 outline-none">
          <Menu.Popup aria-label={t.more} className="pop fade p-1">
            {scopes.map((scope) => (
              <Menu.Item
                key={scope}
                onClick={() => (hold ? onScope(scope) : onAllow(scope))}
                className="flex h-8 items-center rounded-md px-2.5 outline-none data-highlighted:bg-active"
              >
                {t.scope[scope]}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
