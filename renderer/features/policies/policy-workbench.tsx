import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { MOD } from '../../app/use-keys.ts';
import { useLoad } from '../../client/hooks.ts';
import type { Output } from '../../client/store.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Failure, Loading, Section } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { CheckResult } from './check-result.tsx';
import { CodeEditor, type EditorHandle } from './code-editor.tsx';
import { placeMessages } from './locate.ts';
import { policyDiff } from './policy-diff.ts';
import { usePolicyDraft } from './policy-drafts.ts';
import { PolicySentences } from './policy-sentences.tsx';
import { SimulationResult } from './simulation-result.tsx';
import { StartMenu } from './start-menu.tsx';
import { useCheck } from './use-check.ts';
import { useSavePolicy } from './use-save-policy.ts';
import { useSimulation } from './use-simulation.ts';

const t = en.policies;

/**
 * The policy of one server: its text with what is wrong at its lines, what it says in words, what differs from the one in
 * force, and what it would have done to recorded calls. For a page or a tab that scrolls.
 */
export function PolicyWorkbench({ server }: { server: ServerView }) {
  const { version, broken } = server.policy;
  const policy = useLoad('policy.get', { server: server.name }, `${server.name} ${version} ${broken}`);
  const [last, setLast] = useState(policy.data);
  // While the next version is fetched, the last one stays in sight.
  if (policy.data && policy.data !== last) setLast(policy.data);
  const shown = policy.data ?? last;
  if (policy.error) return <Failure error={policy.error} retry={policy.reload} />;
  if (!shown) return <Loading />;
  return <Workbench server={server.name} policy={shown} onSaved={policy.reload} />;
}

function Workbench(props: { server: string; policy: Output<'policy.get'>; onSaved(): void }) {
  const { server, policy } = props;
  const [draft, setDraft] = usePolicyDraft(server);
  const editor = useRef<EditorHandle>(null);
  const container = useRef<HTMLDivElement>(null);
  const checkId = useId();
  const text = draft?.text ?? policy.text;
  const isDirty = draft !== undefined && draft.text !== policy.text;
  const isOwn = policy.state.source === 'file';
  const isStale = isDirty && draft.from !== policy.state.version;
  const needsCheck = isDirty || policy.state.broken !== null;
  const check = useCheck(needsCheck ? text : null);
  const messages = useMemo(() => (check ? placeMessages(text, check) : []), [text, check]);
  const marks = useMemo(() => marksOf(messages), [messages]);
  const diff = useMemo(() => (isDirty ? policyDiff(policy.text, text) : ''), [isDirty, policy.text, text]);
  const simulation = useSimulation(server);
  const saving = useSavePolicy(server, () => {
    setDraft(null);
    props.onSaved();
  });
  const edit = (next: string): void => setDraft({ text: next, from: draft?.from ?? policy.state.version });
  const canSave = (isDirty || !isOwn) && check?.ok !== false && !isStale && !saving.busy;
  const save = (): void => {
    if (canSave) void saving.save(text, draft?.from ?? policy.state.version);
  };
  const simulate = (): void => {
    if (check?.ok !== false) simulation.run(text);
  };
  useWorkbenchKeys(container, { save, simulate });
  return (
    <div
      ref={container}
      className="grid gap-x-8 gap-y-4 py-3 min-[1040px]:grid-cols-[minmax(0,1fr)_minmax(0,300px)]"
    >
      <div className="flex min-w-0 flex-col gap-2">
        <div className="flex min-h-7 flex-wrap items-center gap-2">
          <h2 className="font-medium text-muted">{t.editor}</h2>
          <div className="mr-auto">
            {isDirty ? (
              <Badge tone="warn">{t.unsaved}</Badge>
            ) : (
              <Badge tone={isOwn ? 'none' : 'info'}>{isOwn ? t.inForce : t.recommended}</Badge>
            )}
          </div>
          {isDirty && (
            <Button look="quiet" onClick={() => setDraft(null)}>
              {t.discard}
            </Button>
          )}
          <StartMenu server={server} onText={edit} />
          <Button
            busy={simulation.running}
            disabled={check?.ok === false}
            title={t.simulationHint}
            onClick={simulate}
          >
            {t.simulate}
          </Button>
          <Button look="primary" busy={saving.busy} disabled={!canSave} onClick={save}>
            {isOwn ? t.save : t.saveAndEnforce}
          </Button>
        </div>
        {policy.state.broken && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2">
            <Untrusted text={t.broken(policy.state.broken)} />
          </p>
        )}
        {isStale && (
          <div role="alert" className="flex flex-wrap items-center gap-2 rounded-md bg-warn-soft px-3 py-2">
            <p className="grow">{t.stale}</p>
            <Button onClick={() => setDraft(null)}>{t.takeTheirs}</Button>
            <Button onClick={() => setDraft({ text, from: policy.state.version })}>{t.keepMine}</Button>
          </div>
        )}
        <CodeEditor
          ref={editor}
          label={t.editor}
          describedBy={checkId}
          text={text}
          invalid={check?.ok === false}
          marks={marks}
          onChange={edit}
        />
        <p className="text-muted text-small">{t.keys(MOD)}</p>
        <CheckResult
          id={checkId}
          state={!needsCheck ? 'none' : check ? 'done' : 'checking'}
          messages={messages}
          onGoTo={(line) => editor.current?.goTo(line)}
        />
      </div>
      <div className="min-w-0">
        <PolicySentences
          sentences={(needsCheck && check ? check : policy).sentences}
          readable={check?.ok !== false}
        />
      </div>
      <div className="min-w-0 min-[1040px]:col-span-2">
        {(simulation.text !== undefined || simulation.running) && (
          <Section title={t.simulation}>
            {simulation.running && <Loading text={t.simulating} />}
            {!simulation.running && simulation.text !== text && <p className="mt-3 text-warn">{t.stalled}</p>}
            {simulation.error && <Failure error={simulation.error} />}
            {simulation.result && <SimulationResult simulation={simulation.result} />}
          </Section>
        )}
        {diff !== '' && (
          <Section title={t.changes}>
            <div className="mt-3">
              {diff === null ? (
                <p className="text-muted">{t.tooManyChanges}</p>
              ) : (
                <Diff label={t.changes} text={diff} />
              )}
            </div>
          </Section>
        )}
      </div>
    </div>
  );
}

/** One mark a line; a problem outweighs a warning. */
function marksOf(messages: ReturnType<typeof placeMessages>): { line: number; tone: 'bad' | 'warn' }[] {
  const tones = new Map<number, 'bad' | 'warn'>();
  for (const { line, tone } of messages)
    if (line !== null && tones.get(line) !== 'bad') tones.set(line, tone);
  return [...tones].map(([line, tone]) => ({ line, tone }));
}

/** Ctrl or ⌘ S saves and Ctrl or ⌘ Enter tries, wherever on the page the focus is, but not behind a dialog. */
function useWorkbenchKeys(
  container: React.RefObject<HTMLElement | null>,
  actions: { save(): void; simulate(): void },
): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const isSave = event.key.toLowerCase() === 's';
      if (!isSave && event.key !== 'Enter') return;
      if (isBehindDialog()) return;
      if (!isSave && !container.current?.contains(event.target as Node)) return;
      event.preventDefault();
      if (isSave) latest.current.save();
      else latest.current.simulate();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [container]);
}

function isBehindDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}
