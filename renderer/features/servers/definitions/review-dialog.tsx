import { useEffect, useRef, useState } from 'react';
import type { DefinitionChange, PinHistory } from '../../../../shared/schemas/pin.ts';
import type { ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { asRpcError, useLoad, useStore } from '../../../client/hooks.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Failure, Loading } from '../../../ui/page.tsx';
import { tell, tellError } from '../../../ui/toast.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { useArmed } from '../../../ui/use-armed.ts';
import { ToolDefinition } from '../tools/tool-definition.tsx';
import { ChangedFields } from './changed-fields.tsx';
import { DefinitionHistory } from './definition-history.tsx';
import { isReviewable, Reasons } from './pin.tsx';

const t = en.tools.reviewing;
const LEAD = {
  blocked: t.leadBlocked,
  new: t.leadNew,
  passed: t.leadPassed,
  reviewed: t.leadAccepted,
  'first-seen': t.leadFirst,
};

export interface ReviewProps {
  server: string;
  tool: ToolView;
  onClose(): void;
  /** Something was decided: the list is to be read again. */
  onDone(): void;
  onHide(): Promise<void>;
}

/**
 * What changed in a tool's definition since a person last accepted it. Accepting is bound to the hash that is shown:
 * where the definition is another by now, the core refuses, and the newest one is shown instead.
 */
export function ReviewDialog({ server, tool, onClose, onDone, onHide }: ReviewProps) {
  const store = useStore();
  const keep = useRef<HTMLButtonElement>(null);
  const history = useLoad('pins.history', { server, tool: tool.name }, `${server} ${tool.name}`);
  const [busy, setBusy] = useState(false);
  const [isConflict, setConflict] = useState(false);
  const { data } = history;
  const state = data?.pin.state ?? tool.pin.state;
  const canAccept = isReviewable(data?.pin ?? tool.pin);
  // The whole definition comes with the list, the history by itself: both must be of the same version to be accepted.
  const isSame = data !== undefined && data.pin.hash === tool.pin.hash;
  const isArmed = useArmed(data?.pin.hash ?? '');
  const seen = useRef(tool.pin.hash);
  const { reload } = history;
  useEffect(() => {
    if (seen.current === tool.pin.hash) return;
    seen.current = tool.pin.hash;
    setConflict(true);
    reload();
  }, [tool.pin.hash, reload]);
  const accept = async (): Promise<void> => {
    if (!data) return;
    setBusy(true);
    try {
      await store.call('pins.accept', { server, tool: tool.name, hash: data.pin.hash });
      tell(t.accepted(tool.name));
      onDone();
      onClose();
    } catch (error) {
      if (asRpcError(error).code === 'conflict') {
        setConflict(true);
        reload();
        onDone();
      } else tellError(error);
    }
    setBusy(false);
  };
  const hide = async (): Promise<void> => {
    setBusy(true);
    await onHide();
    setBusy(false);
    onClose();
  };
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      initialFocus={keep}
      title={<Untrusted text={canAccept ? t.title(tool.name) : t.historyTitle(tool.name)} />}
      lead={LEAD[state]}
      footer={
        canAccept ? (
          <>
            <Button
              look="quiet"
              className="mr-auto"
              title={t.hideHint}
              disabled={busy}
              onClick={() => void hide()}
            >
              {t.hide}
            </Button>
            <Button ref={keep} onClick={onClose}>
              {state === 'blocked' ? t.keep : en.app.close}
            </Button>
            <Button
              look="primary"
              busy={busy}
              disabled={!isSame || !isArmed || history.loading}
              onClick={() => void accept()}
            >
              {t.accept}
            </Button>
          </>
        ) : (
          <Button ref={keep} onClick={onClose}>
            {en.app.close}
          </Button>
        )
      }
    >
      {isConflict && (
        <p role="alert" className="mb-4 rounded-md bg-warn-soft px-3 py-2">
          {t.conflict}
        </p>
      )}
      {history.error && <Failure error={history.error} retry={history.reload} />}
      {!data && !history.error && <Loading />}
      {data && <Body history={data} tool={tool} />}
    </Dialog>
  );
}

function Body({ history, tool }: { history: PinHistory; tool: ToolView }) {
  const { review, pin } = history;
  const hasReviewed = history.versions.some(({ reviewedAt }) => reviewedAt !== null);
  return (
    <div className="flex flex-col gap-5">
      {pin.reasons.length > 0 && (
        <section>
          <h3 className="mb-1 font-medium text-muted">
            {pin.state === 'blocked' ? t.why : en.tools.detail.warnings}
          </h3>
          {review && <Kinds change={review} />}
          <Reasons reasons={pin.reasons} className="list-disc pl-4" />
        </section>
      )}
      {review && (
        <section>
          <h3 className="mb-2 font-medium text-muted">{hasReviewed ? t.changed : t.changedFirst}</h3>
          <ChangedFields change={review} />
        </section>
      )}
      <details open={review === null}>
        <summary className="font-medium text-muted">{t.whole}</summary>
        <div className="mt-2">
          <ToolDefinition tool={tool} />
        </div>
      </details>
      {history.versions.length > 1 && <DefinitionHistory versions={history.versions} />}
    </div>
  );
}

function Kinds({ change }: { change: DefinitionChange }) {
  if (change.kinds.length === 0) return null;
  return (
    <p className="mb-1.5 flex flex-wrap gap-1.5">
      {change.kinds.map((kind) => (
        <Badge key={kind} tone={change.direction === 'blocks' ? 'warn' : 'none'}>
          {en.tools.changeKind[kind]}
        </Badge>
      ))}
    </p>
  );
}
