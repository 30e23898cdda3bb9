import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { aloneBecause } from '../../../../shared/approval-scopes.ts';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Button } from '../../../ui/button.tsx';
import { useArmed } from '../../../ui/use-armed.ts';
import { DenyMessage } from '../answer/deny-message.tsx';
import { PaceBanner, PauseForm } from '../answer/pause.tsx';
import { type ArgumentsViewName, ViewChoice } from '../arguments/view-choice.tsx';
import { AllowButton } from '../prompt/allow-button.tsx';
import { groupAnnouncement } from '../prompt/announcement.ts';
import { ApprovalReason, Heading, Strong, ToolName } from '../prompt/approval-sentence.tsx';
import { DefinitionBanner } from '../prompt/definition-banner.tsx';
import { KeyHints, ToRead } from '../prompt/hints.tsx';
import { answerKeys } from '../prompt/prompt-keys.ts';
import { useDecide } from '../prompt/use-decide.ts';
import { scrollOn, useRead } from '../prompt/use-read.ts';
import { contentKey, type Entry } from './entries.ts';
import { GroupCalls } from './group-calls.tsx';
import { useFit } from './use-fit.ts';

const t = en.approvals;

/**
 * Several calls of one tool by one client, alike in everything but their arguments. Every call is there whole; all are
 * allowed at once only when all were in sight. Calls that come meanwhile wait at the side until they are asked for.
 */
export function ApprovalGroup(props: {
  entry: Entry;
  takeFocus: boolean;
  onLater(): void;
  /** Looks at one call by itself. */
  onOpen(id: string): void;
}) {
  const { entry, takeFocus, onLater, onOpen } = props;
  const [shownIds, setShownIds] = useState(() => new Set(entry.calls.map(({ id }) => id)));
  const calls = useMemo(() => entry.calls.filter(({ id }) => shownIds.has(id)), [entry, shownIds]);
  const came = entry.calls.length - calls.length;
  const content = useMemo(() => JSON.stringify(calls.map(contentKey)), [calls]);
  const isArmed = useArmed(content);
  // Calls that go leave nothing unread, so the place in the list stays.
  const heading = useRead(entry.key);
  const { ref: box, isRead } = useRead(useSeen(calls), entry.key);
  const [view, setView] = useState<ArgumentsViewName>('readable');
  const decide = useDecide();
  const [form, setForm] = useState<'none' | 'message' | 'pause'>('none');
  const denyButton = useRef<HTMLButtonElement>(null);
  const alone = aloneBecause(entry.first.risk);
  const able = isArmed && isRead && heading.isRead && !decide.busy;
  const newest = calls.reduce((most, call) => (call.perMinute > most.perMinute ? call : most), entry.first);
  useFit(entry.key, box);

  useEffect(() => {
    if (takeFocus && form === 'none') denyButton.current?.focus({ preventScroll: true });
  }, [takeFocus, form]);

  const onKeyDown = (event: KeyboardEvent): void =>
    answerKeys(event, {
      later: onLater,
      deny: () => {
        if (!decide.busy) void decide.many(calls, 'deny');
      },
      allow: () => {
        if (alone) return;
        if (!isRead) scrollOn(box.current);
        else if (able) void decide.many(calls, 'allow');
      },
    });
  return (
    <section
      aria-label={groupAnnouncement({ ...entry, calls })}
      onKeyDown={onKeyDown}
      tabIndex={-1}
      className="flex min-h-0 grow flex-col gap-3 outline-none"
    >
      <Heading box={heading.ref}>
        {t.group.title(calls.length)} <ToolName tool={entry.first.tool} /> {t.group.waiting}, {t.group.from}{' '}
        <Strong text={entry.first.clientName} /> {t.on} <Strong text={entry.first.server} />
      </Heading>
      <section
        ref={box}
        aria-label={t.call}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard
        tabIndex={0}
        className="-mx-1 min-h-24 grow basis-0 overflow-auto px-1"
      >
        <div className="flex flex-col gap-3">
          <ApprovalReason approval={{ ...entry.first, count: 1 }} />
          <DefinitionBanner approval={entry.first} />
          <div className="flex items-center">
            <h3 className="mr-auto font-medium text-muted">{t.argumentsLabel}</h3>
            <ViewChoice view={view} onView={setView} />
          </div>
          <GroupCalls calls={calls} view={view} onOpen={onOpen} />
        </div>
      </section>
      <p role="status" className={came > 0 ? 'flex shrink-0 items-center gap-2 text-info' : 'sr-only'}>
        {came > 0 && (
          <>
            <span className="grow">{t.group.came(came)}</span>
            <Button look="quiet" onClick={() => setShownIds(new Set(entry.calls.map(({ id }) => id)))}>
              {t.group.showCame}
            </Button>
          </>
        )}
      </p>
      {alone ? (
        <p className="shrink-0 text-muted">{t.group.eachAlone[alone]}</p>
      ) : (
        !isRead && <ToRead onMore={() => scrollOn(box.current)} />
      )}
      {form !== 'pause' && <PaceBanner approval={newest} onPause={() => setForm('pause')} />}
      {form === 'message' && (
        <DenyMessage
          busy={decide.busy}
          onDeny={(message) => void decide.many(calls, 'deny', message)}
          onCancel={() => setForm('none')}
        />
      )}
      {form === 'pause' && <PauseForm approval={entry.first} onDone={() => setForm('none')} />}
      {form === 'none' && (
        <div className="flex shrink-0 flex-wrap items-center gap-2">
          <Button
            ref={denyButton}
            onClick={() => void decide.many(calls, 'deny')}
            disabled={decide.busy}
            className="px-4 font-medium"
          >
            {t.group.denyAll(calls.length)}
          </Button>
          <Button look="quiet" onClick={() => setForm('message')} disabled={decide.busy}>
            {t.denyWith}
          </Button>
          <span className="grow" />
          <Button
            look={alone ? 'primary' : 'quiet'}
            onClick={() => onOpen((calls[0] as ApprovalView).id)}
            disabled={calls.length === 0}
          >
            {t.group.oneByOne}
          </Button>
          {!alone && (
            <AllowButton
              able={able}
              hold={null}
              label={t.group.allowAll(calls.length)}
              onAllow={() => void decide.many(calls, 'allow')}
            />
          )}
        </div>
      )}
      <KeyHints isCritical={false} />
    </section>
  );
}

/** Changes only when a call is among them that was not there before: the others were in sight, or still are. */
function useSeen(calls: readonly ApprovalView[]): string {
  const seen = useRef<{ keys: Set<string>; turn: number }>({ keys: new Set(), turn: 0 });
  const keys = calls.map(contentKey);
  if (keys.some((key) => !seen.current.keys.has(key)))
    seen.current = { keys: new Set(keys), turn: seen.current.turn + 1 };
  return String(seen.current.turn);
}
