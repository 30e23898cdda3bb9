import { ListChecks } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { useLoad, useStore } from '../../client/hooks.ts';
import type { Output } from '../../client/store.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure, Loading } from '../../ui/page.tsx';
import { tell, tellError } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { PolicyEditor } from './policy-editor.tsx';

const t = en.servers.policy;
/** How long typing must rest before the document is checked, ms. */
const CHECK_MS = 250;

export function PolicyTab({ server, onRecommend }: { server: ServerView; onRecommend(): void }) {
  const policy = useLoad('policy.get', { server: server.name }, `${server.name} ${server.policy.version}`);
  const [draft, setDraft] = useState<{ text: string; from: string } | null>(null);
  const [last, setLast] = useState(policy.data);
  // While the next version is fetched, the last one stays in sight.
  if (policy.data && policy.data !== last) setLast(policy.data);
  const shown = policy.data ?? last;
  if (policy.error)
    return (
      <div className="px-6">
        <Failure error={policy.error} retry={policy.reload} />
      </div>
    );
  if (!shown)
    return (
      <div className="px-6">
        <Loading />
      </div>
    );
  return (
    <div className="grid gap-x-8 gap-y-4 px-6 py-4 min-[1000px]:grid-cols-[minmax(0,1fr)_minmax(0,300px)]">
      <Editing
        server={server.name}
        policy={shown}
        draft={draft}
        setDraft={setDraft}
        onRecommend={onRecommend}
        onSaved={policy.reload}
      />
    </div>
  );
}

interface EditingProps {
  server: string;
  policy: Output<'policy.get'>;
  draft: { text: string; from: string } | null;
  setDraft(draft: { text: string; from: string } | null): void;
  onRecommend(): void;
  onSaved(): void;
}

function Editing({ server, policy, draft, setDraft, onRecommend, onSaved }: EditingProps) {
  const store = useStore();
  const [busy, setBusy] = useState(false);
  const text = draft?.text ?? policy.text;
  const isDirty = draft !== null && draft.text !== policy.text;
  const check = useCheck(isDirty ? text : null);
  const isStale = isDirty && draft.from !== policy.state.version;
  const save = async (): Promise<void> => {
    if (!isDirty) return;
    setBusy(true);
    try {
      await store.call('policy.set', { server, text });
      setDraft(null);
      tell(t.saved);
      onSaved();
    } catch (error) {
      tellError(error);
    }
    setBusy(false);
  };
  return (
    <>
      <div className="flex min-w-0 flex-col gap-2">
        <div className="flex min-h-7 flex-wrap items-center gap-2">
          <h2 className="mr-auto font-medium text-muted">{t.editor}</h2>
          {isDirty ? <Badge tone="warn">{t.unsaved}</Badge> : <Badge>{t.inForce}</Badge>}
          {isDirty && (
            <Button look="quiet" onClick={() => setDraft(null)}>
              {t.discard}
            </Button>
          )}
          <Button look="quiet" icon={ListChecks} onClick={onRecommend}>
            {t.recommend}
          </Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!isDirty || check?.ok === false}
            onClick={() => void save()}
          >
            {t.save}
          </Button>
        </div>
        {policy.state.broken && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2">
            <Untrusted text={t.broken(policy.state.broken)} />
          </p>
        )}
        {isStale && (
          <p role="alert" className="rounded-md bg-warn-soft px-3 py-2">
            {t.changedElsewhere}
          </p>
        )}
        <PolicyEditor
          text={text}
          invalid={check?.ok === false}
          onChange={(next) => setDraft({ text: next, from: draft?.from ?? policy.state.version })}
          onSave={() => void save()}
        />
        <CheckResult check={check} isDirty={isDirty} />
      </div>
      <Sentences sentences={(isDirty && check?.ok ? check : policy).sentences} />
    </>
  );
}

/** The core's opinion of a text, after typing has rested. Undefined while it is on its way. */
function useCheck(text: string | null): Output<'policy.check'> | undefined {
  const store = useStore();
  const [result, setResult] = useState<{ text: string; check: Output<'policy.check'> }>();
  useEffect(() => {
    if (text === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      store
        .call('policy.check', { text }, abort.signal)
        .then((check) => setResult({ text, check }), tellError);
    }, CHECK_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, store]);
  return text !== null && result?.text === text ? result.check : undefined;
}

function CheckResult({ check, isDirty }: { check: Output<'policy.check'> | undefined; isDirty: boolean }) {
  return (
    <div role="status" className="min-h-5">
      {isDirty && !check && <p className="text-muted">{t.checking}…</p>}
      {check?.ok && check.warnings.length === 0 && <p className="text-good">{t.ok}</p>}
      {check && check.problems.length > 0 && (
        <Messages title={t.problemsTitle} tone="text-bad" items={check.problems} />
      )}
      {check && check.warnings.length > 0 && (
        <Messages title={t.warnings} tone="text-warn" items={check.warnings} />
      )}
    </div>
  );
}

function Messages(props: {
  title: string;
  tone: string;
  items: { path: string; message: string; suggestion?: string | null }[];
}) {
  return (
    <>
      <h3 className={`font-medium ${props.tone}`}>{props.title}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {props.items.map(({ path, message, suggestion }) => (
          <li key={`${path} ${message}`}>
            {path && (
              <span className="mr-2 font-mono text-muted text-small">
                <Untrusted text={path} />
              </span>
            )}
            <Untrusted text={message} />
            {suggestion && <span className="text-muted"> {t.suggestion(suggestion)}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

export function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <section className="min-w-0">
      <h2 className="flex h-7 items-center font-medium text-muted">{t.sentences}</h2>
      {sentences.length === 0 ? (
        <p className="mt-2 text-muted">{t.noSentences}</p>
      ) : (
        <ul className="mt-2 flex flex-col gap-2">
          {sentences.map((sentence) => (
            <li key={sentence} className="border-line-strong border-l-2 pl-3">
              <Untrusted text={sentence} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
