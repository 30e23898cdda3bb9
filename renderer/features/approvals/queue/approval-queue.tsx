import { ChevronLeft, ChevronRight, Hand } from 'lucide-react';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { useCore } from '../../../client/hooks.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/page.tsx';
import { PausedClients } from '../../shared/paused.tsx';
import { announcement, groupAnnouncement } from '../prompt/announcement.ts';
import { ApprovalPrompt } from '../prompt/approval-prompt.tsx';
import { ApprovalGroup } from './approval-group.tsx';
import type { Entry } from './entries.ts';
import { type Front, useFront } from './use-front.ts';

const t = en.approvals;

/** The prompt in front, and the way through the others. The one in front stays in front while others come and go. */
export function ApprovalQueue({ takeFocus, onLater }: { takeFocus: boolean; onLater(): void }) {
  const waiting = useCore((state) => state.approvals);
  const front = useFront(waiting);
  const { entry, alone } = front;
  return (
    <>
      <p aria-live="assertive" className="sr-only">
        {alone ? announcement(alone) : entry && groupAnnouncement({ ...entry, calls: front.heard })}
      </p>
      <p aria-live="polite" className="sr-only">
        {waiting.length > 0 && t.announceWaiting(waiting.reduce((n, { count }) => n + count, 0))}
      </p>
      <PausedClients />
      {front.entries.length > 1 && <Queue front={front} />}
      {entry && alone && entry.calls.length > 1 && <Together entry={entry} front={front} />}
      {!entry && <Empty icon={Hand} title={t.empty.title} detail={t.empty.detail} />}
      {alone && <ApprovalPrompt key={alone.id} approval={alone} takeFocus={takeFocus} onLater={onLater} />}
      {entry && !alone && (
        <ApprovalGroup
          key={entry.key}
          entry={entry}
          takeFocus={takeFocus}
          onLater={onLater}
          onOpen={front.open}
        />
      )}
    </>
  );
}

/** All that waits, one line for each tool and client. */
function Queue({ front }: { front: Front }) {
  const { entries, at } = front;
  return (
    <div className="flex shrink-0 items-center gap-1 pb-3">
      <label className="mr-auto min-w-0">
        <span className="sr-only">{t.queue}</span>
        <select
          value={front.entry?.key}
          onChange={(event) => front.choose(event.target.value)}
          className="control max-w-full truncate"
        >
          {entries.map(({ key, first, calls }, index) => (
            <option key={key} value={key}>
              {`${index + 1}. ${t.entry(visibleText(first.tool), visibleText(first.clientName), calls.length)}`}
            </option>
          ))}
        </select>
      </label>
      <span className="whitespace-nowrap px-1 text-muted">{t.position(at + 1, entries.length)}</span>
      <IconButton icon={ChevronLeft} label={t.previous} onClick={() => front.go(-1)} />
      <IconButton icon={ChevronRight} label={t.next} onClick={() => front.go(1)} />
    </div>
  );
}

/** Above a call that is looked at alone while others like it wait. */
function Together({ entry, front }: { entry: Entry; front: Front }) {
  return (
    <div className="mb-3 flex shrink-0 items-center gap-3 rounded-md bg-hover py-1 pr-1 pl-3 text-muted">
      <p className="min-w-0 grow">{t.group.others(entry.calls.length, visibleText(entry.first.tool))}</p>
      <Button look="quiet" onClick={front.together}>
        {t.group.together(entry.calls.length)}
      </Button>
    </div>
  );
}
