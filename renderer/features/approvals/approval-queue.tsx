import { ChevronLeft, ChevronRight, Hand } from 'lucide-react';
import { useRef, useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { useCore } from '../../client/hooks.ts';
import { IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/page.tsx';
import { announcement } from './announcement.ts';
import { ApprovalPrompt } from './approval-prompt.tsx';

const t = en.approvals;

/** The prompt in front, and the way through the others. The one in front stays in front while others come and go. */
export function ApprovalQueue({ takeFocus, onLater }: { takeFocus: boolean; onLater(): void }) {
  const waiting = useCore((state) => state.approvals);
  const [chosen, setChosen] = useState<string | null>(null);
  const lastAt = useRef(0);
  const found = waiting.findIndex(({ id }) => id === chosen);
  const at = found === -1 ? Math.min(lastAt.current, Math.max(0, waiting.length - 1)) : found;
  lastAt.current = at;
  const current = waiting[at];
  if (current && current.id !== chosen) setChosen(current.id);
  const go = (by: number): void => {
    const next = waiting[(at + by + waiting.length) % waiting.length];
    if (next) setChosen(next.id);
  };
  return (
    <>
      <p aria-live="assertive" className="sr-only">
        {current && announcement(current)}
      </p>
      {current ? (
        <>
          {waiting.length > 1 && (
            <div className="flex items-center gap-1 pb-3">
              <label className="mr-auto min-w-0">
                <span className="sr-only">{t.queue}</span>
                <select
                  value={current.id}
                  onChange={(event) => setChosen(event.target.value)}
                  className="control max-w-full truncate"
                >
                  {waiting.map((approval, index) => (
                    <option key={approval.id} value={approval.id}>
                      {`${index + 1}. ${visibleText(approval.tool)} · ${visibleText(approval.clientName)}`}
                    </option>
                  ))}
                </select>
              </label>
              <span className="px-1 text-muted">{t.position(at + 1, waiting.length)}</span>
              <IconButton icon={ChevronLeft} label={t.previous} onClick={() => go(-1)} />
              <IconButton icon={ChevronRight} label={t.next} onClick={() => go(1)} />
            </div>
          )}
          <ApprovalPrompt key={current.id} approval={current} takeFocus={takeFocus} onLater={onLater} />
        </>
      ) : (
        <Empty icon={Hand} title={t.empty.title} detail={t.empty.detail} />
      )}
    </>
  );
}
