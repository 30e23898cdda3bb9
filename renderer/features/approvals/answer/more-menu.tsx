import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  aloneBecause,
  type GrantScope,
  isGrantScope,
  LASTING_SCOPES,
  type LastingScope,
} from '../../../../shared/approval-scopes.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Button } from '../../../ui/button.tsx';

const t = en.approvals;

/** What else can be answered. What lets the call run needs it to be read first; pausing does not. */
export function MoreMenu(props: {
  approval: ApprovalView;
  ready: boolean;
  busy: boolean;
  onScope(scope: GrantScope): void;
  onRule(): void;
  onEdit(): void;
  onPause(): void;
}) {
  const { approval, ready } = props;
  const { scopes, reason } = lastingScopes(approval);
  const holds = approval.state === 'holding';
  return (
    <Menu.Root>
      <Menu.Trigger
        disabled={props.busy}
        render={
          <Button look="quiet">
            {en.app.more}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-60 outline-none">
          <Menu.Popup aria-label={t.more} className="pop fade max-w-96 p-1">
            {!ready && <Note>{t.readFirst}</Note>}
            {scopes.map((scope) => (
              <Item
                key={scope}
                disabled={!ready}
                onClick={() => (isGrantScope(scope) ? props.onScope(scope) : props.onRule())}
              >
                {t.scope(scope)}
              </Item>
            ))}
            {reason && <Note>{reason}</Note>}
            <Menu.Separator className="mx-2 my-1 h-px bg-line" />
            {holds ? (
              <Item disabled={!ready} onClick={props.onEdit}>
                {t.editing.open}
              </Item>
            ) : (
              <Note>{t.editing.notHolding}</Note>
            )}
            <Menu.Separator className="mx-2 my-1 h-px bg-line" />
            <Item onClick={props.onPause}>{t.pause.offer(visibleText(approval.clientName))}</Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The lasting ways to allow that are offered, and why some or all are not. Never any where the class forbids it. */
export function lastingScopes(approval: ApprovalView): {
  scopes: readonly LastingScope[];
  reason: string | null;
} {
  const alone = aloneBecause(approval.risk);
  if (alone) return { scopes: [], reason: t.onlyOnce[alone] };
  if (!approval.reviewed) return { scopes: [], reason: t.onlyOnce.unreviewed };
  const scopes = LASTING_SCOPES.filter((scope) => approval.scopes.includes(scope));
  return { scopes, reason: scopes.length === 0 ? t.onlyOnce.other : null };
}

function Item(props: { disabled?: boolean; onClick(): void; children: ReactNode }) {
  return (
    <Menu.Item
      disabled={props.disabled}
      onClick={props.onClick}
      className="flex min-h-8 items-center rounded-md px-2.5 outline-none data-disabled:text-muted data-highlighted:bg-active"
    >
      {props.children}
    </Menu.Item>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="px-2.5 py-1.5 text-muted text-small">{children}</p>;
}
