import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ServerView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { useCore, useLoad } from '../../../client/hooks.ts';
import type { Output } from '../../../client/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Diff } from '../../../ui/diff.tsx';
import { MOD } from '../../../ui/keys.ts';
import { Failure, Loading, Section } from '../../../ui/page.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { ChangedCalls, SimulationSummary } from '../simulation/simulation-result.tsx';
import { useSimulation } from '../simulation/use-simulation.ts';
import { CheckResult } from './check-result.tsx';
import { CodeEditor, type EditorHandle } from './code-editor.tsx';
import { placeMessages } from './locate.ts';
import { policyDiff } from './policy-diff.ts';
import { usePolicyDraft } from './policy-drafts.ts';
import { PolicySentences } from './policy-sentences.tsx';
import { PolicyToolbar } from './policy-toolbar.tsx';
import { useCheck } from './use-check.ts';
import { useSavePolicy } from './use-save-policy.ts';
import { useWorkbenchKeys } from './use-workbench-keys.ts';

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
  return <Workbench server={server} policy={shown} onSaved={policy.reload} />;
}

function Workbench(props: { server: ServerView; policy: Output<'policy.get'>; onSaved(): void }) {
  const { server, policy } = props;
  const [draft, setDraft] = usePolicyDraft(server.name);
  const everywhere = useCore((state) => state.mode);
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
  // Behind typing: in a long document it takes a while.
  const compared = useDeferredValue(text);
  const diff = useMemo(() => policyDiff(policy.text, compared), [policy.text, compared]);
  const simulation = useSimulation(server.name);
  const saving = useSavePolicy(server.name, () => {
    setDraft(null);
    props.onSaved();
  });
  const edit = (next: string): void =>
    setDraft(next === policy.text ? null : { text: next, from: draft?.from ?? policy.state.version });
  const canSave = (isDirty || !isOwn) && check?.ok !== false && !isStale && !saving.busy;
  const save = (): void => {
    if (canSave) void saving.save(text, draft?.from ?? policy.state.version);
  };
  const simulate = (): void => {
    if (check?.ok !== false) simulation.run(text);
  };
  useWorkbenchKeys(container, { save, simulate });
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (simulation.result || simulation.error) results.current?.scrollIntoView?.({ block: 'nearest' });
  }, [simulation.result, simulation.error]);
  return (
    <div
      ref={container}
      className="grid gap-x-8 gap-y-2 pb-4 min-[1040px]:grid-cols-[minmax(0,1fr)_minmax(0,300px)]"
    >
      <PolicyToolbar
        server={server.name}
        isDirty={isDirty}
        isOwn={isOwn}
        saveEnforces={!isOwn && server.mode === null && everywhere.mode !== 'observe'}
        canSave={canSave}
        canSimulate={check?.ok !== false}
        saving={saving.busy}
        simulating={simulation.running}
        onText={edit}
        onDiscard={() => setDraft(null)}
        onSimulate={simulate}
        onSave={save}
      />
      <div className="flex min-w-0 flex-col gap-2">
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
            <div ref={results} className="scroll-mt-12">
              {simulation.error && <Failure error={simulation.error} />}
              {simulation.result && <SimulationSummary simulation={simulation.result} />}
            </div>
            {simulation.result && <ChangedCalls simulation={simulation.result} />}
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
