import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { IconButton } from '../../../ui/button.tsx';
import { ApprovalQueue } from './approval-queue.tsx';

/**
 * The prompts over any page. It does not take the focus from someone who is at work in the page, so a key meant for the
 * page never answers a prompt; asked for, or with nothing focused, it starts at Deny.
 */
export function ApprovalPanel({ takeFocus, onLater }: { takeFocus: boolean; onLater(): void }) {
  const panel = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  const [isIdle] = useState(
    () => document.activeElement === null || document.activeElement === document.body,
  );
  const [isInside, setInside] = useState(false);
  useEffect(() => {
    const back = before.current;
    return () => {
      // The focus goes back only when it was here, or is nowhere.
      if (document.activeElement === document.body && back instanceof HTMLElement && back.isConnected)
        back.focus();
    };
  }, []);
  return (
    <aside
      ref={panel}
      aria-label={en.approvals.title}
      onFocus={() => setInside(true)}
      onBlur={(event) => {
        if (event.relatedTarget && !panel.current?.contains(event.relatedTarget)) setInside(false);
      }}
      className="pop slide absolute inset-y-2 right-2 z-30 flex w-[min(520px,calc(100%-16px))] flex-col p-4"
    >
      <header className="-mt-1 flex items-center pb-2">
        <h2 className="mr-auto text-muted">{en.approvals.title}</h2>
        <IconButton icon={X} label={en.approvals.later} onClick={onLater} />
      </header>
      <ApprovalQueue takeFocus={takeFocus || isIdle || isInside} onLater={onLater} />
    </aside>
  );
}
