import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { en } from '../../shared/text/en.ts';
import { Button, IconButton } from './button.tsx';
import { cx } from './cx.ts';
import { Untrusted } from './untrusted.tsx';

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
}

export function Dialog({ open, onClose, title, lead, children, footer, wide, initialFocus }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          initialFocus={initialFocus}
          className={cx(
            'pop fade fixed top-[10vh] left-1/2 z-50 flex max-h-[80vh] -translate-x-1/2 flex-col',
            wide ? 'w-[min(880px,92vw)]' : 'w-[min(480px,92vw)]',
          )}
        >
          <header className="flex items-start gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 grow">
              <Base.Title className="font-medium text-large">{title}</Base.Title>
              {lead && <Base.Description className="mt-1 text-muted">{lead}</Base.Description>}
            </div>
            <Base.Close render={<IconButton icon={X} label={en.app.close} className="-mr-2" />} />
          </header>
          {children && <div className="min-h-0 grow overflow-auto px-5 pb-4">{children}</div>}
          {footer && (
            <footer className="flex justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before something that is not easily taken back. The safe answer has the focus. */
export function Confirm(props: {
  open: boolean;
  onClose(): void;
  title: string;
  text: string;
  action: string;
  onConfirm(): Promise<unknown>;
}) {
  const [busy, setBusy] = useState(false);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    try {
      await props.onConfirm();
    } finally {
      setBusy(false);
      props.onClose();
    }
  };
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={<Untrusted text={props.title} />}
      lead={props.text}
      footer={
        <>
          <Button onClick={props.onClose} autoFocus>
            {en.app.cancel}
          </Button>
          <Button look="danger" busy={busy} onClick={() => void confirm()}>
            {props.action}
          </Button>
        </>
      }
    />
  );
}
