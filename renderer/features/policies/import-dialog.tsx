import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { messageOf } from '../../../shared/base/message-of.ts';
import type { RpcError } from '../../../shared/rpc/frames.ts';
import type { ImportedPolicy } from '../../../shared/schemas/simulation.ts';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/page.tsx';
import { tellError } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { PolicySentences } from './editor/policy-sentences.tsx';

const t = en.policies;
const MOST_BYTES = 1_000_000;

/** Reads a foreign policy and says what was changed on the way; the person then takes it into the editor or not. */
export function ImportDialog({ onClose, onUse }: { onClose(): void; onUse(text: string): void }) {
  const store = useStore();
  const field = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [read, setRead] = useState<{ text: string; result?: ImportedPolicy; error?: RpcError }>();
  const current = read?.text === text ? read : undefined;
  const readIt = async (source: string): Promise<void> => {
    setBusy(true);
    try {
      setRead({ text: source, result: await store.call('policy.import', { text: source }) });
    } catch (error) {
      setRead({ text: source, error: asRpcError(error) });
    }
    setBusy(false);
  };
  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) return tellError(new Error(t.importTooLarge));
    try {
      const source = await chosen.text();
      setText(source);
      await readIt(source);
    } catch (error) {
      tellError(new Error(t.importUnreadable(messageOf(error))));
    }
  };
  const ready = current?.result?.text ?? null;
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={t.importTitle}
      lead={t.importLead}
      initialFocus={field}
      footer={
        <>
          <input
            ref={file}
            type="file"
            accept=".yaml,.yml,.json,.jsonc,text/yaml,application/json"
            hidden
            onChange={(event) => {
              void take(event.target.files?.[0]);
              // The same file may be chosen again after it was edited.
              event.target.value = '';
            }}
          />
          <Button icon={FileUp} className="mr-auto" onClick={() => file.current?.click()}>
            {t.importFile}…
          </Button>
          <Button onClick={onClose}>{en.app.cancel}</Button>
          {ready === null ? (
            <Button
              look="primary"
              busy={busy}
              disabled={text.trim() === ''}
              onClick={() => void readIt(text)}
            >
              {busy ? t.importReading : t.importRead}
            </Button>
          ) : (
            <Button look="primary" onClick={() => onUse(ready)}>
              {t.importUse}
            </Button>
          )}
        </>
      }
    >
      <textarea
        ref={field}
        aria-label={t.importText}
        placeholder={t.importPlaceholder}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="control h-[min(30vh,260px)] w-full resize-none px-3 py-2 font-mono text-small leading-[18px]"
      />
      <div role="status">
        {current?.error && <Failure error={current.error} />}
        {current?.result && <Report result={current.result} />}
      </div>
    </Dialog>
  );
}

function Report({ result }: { result: ImportedPolicy }) {
  return (
    <>
      {result.problems.length > 0 && (
        <>
          <h3 className="mt-3 font-medium text-bad">{t.problems(result.problems.length)}</h3>
          <Lines lines={result.problems} />
        </>
      )}
      {result.text !== null && result.changes.length === 0 && (
        <p className="mt-3 text-good">{t.importSame}</p>
      )}
      {result.changes.length > 0 && (
        <>
          <h3 className="mt-3 font-medium text-warn">{t.importChanges(result.changes.length)}</h3>
          <Lines lines={result.changes} />
        </>
      )}
      {result.text !== null && (
        <div className="mt-3">
          <PolicySentences sentences={result.sentences} />
        </div>
      )}
    </>
  );
}

function Lines({ lines }: { lines: { path: string; message: string; suggestion?: string | null }[] }) {
  return (
    <ul className="mt-1 flex flex-col gap-1">
      {lines.map(({ path, message, suggestion }) => (
        <li key={`${path} ${message}`}>
          {path && (
            <span className="mr-2 font-mono text-muted text-small">
              <Untrusted text={path} />
            </span>
          )}
          <Untrusted text={message} />
          {suggestion && (
            <span className="text-muted">
              {' '}
              <Untrusted text={t.suggestion(suggestion)} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
