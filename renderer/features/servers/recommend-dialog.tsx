import { useEffect, useState } from 'react';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { useLoad, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Failure, Loading, Section } from '../../ui/page.tsx';
import { useAction } from '../../ui/toast.tsx';
import { PolicySentences } from '../policies/editor/policy-sentences.tsx';
import { SimulationResult } from '../policies/simulation/simulation-result.tsx';
import { useSimulation } from '../policies/simulation/use-simulation.ts';

const t = en.servers.policy;

/**
 * The recommended rules as a diff, in words, and tried on the calls recorded so far; saving them is what turns enforcing
 * on for a server that only observed. Saved over the policy they were compared with, and no other.
 */
export function RecommendDialog({ server, onClose }: { server: ServerView; onClose(): void }) {
  const { name } = server;
  const store = useStore();
  const act = useAction();
  const [strict, setStrict] = useState(false);
  const [busy, setBusy] = useState(false);
  const { version } = server.policy;
  const recommended = useLoad('policy.recommend', { server: name, strict }, `${name} ${strict} ${version}`);
  const { data } = recommended;
  const simulation = useSimulation(name);
  const { run } = simulation;
  const text = data?.text;
  useEffect(() => {
    if (text !== undefined) run(text);
  }, [text, run]);
  const apply = async (): Promise<void> => {
    if (!data) return;
    setBusy(true);
    const saved = await act(
      () => store.call('policy.set', { server: name, text: data.text, basedOn: version }),
      t.applied(name),
    );
    setBusy(false);
    if (saved) onClose();
  };
  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={t.recommendTitle}
      lead={t.recommendLead}
      footer={
        <>
          <label className="mr-auto flex items-center gap-2" title={t.strictHint}>
            <input
              type="checkbox"
              checked={strict}
              onChange={(event) => setStrict(event.target.checked)}
              className="size-3.5 accent-invert"
            />
            {t.strict}
            <span className="text-muted">{t.strictHint}</span>
          </label>
          <Button onClick={onClose}>{en.app.cancel}</Button>
          <Button look="primary" busy={busy} disabled={!data} onClick={() => void apply()}>
            {t.apply}
          </Button>
        </>
      }
    >
      {recommended.error && <Failure error={recommended.error} retry={recommended.reload} />}
      {!data && !recommended.error && <Loading />}
      {data && (
        <>
          {data.diff.includes('@@') ? (
            <Diff label={t.recommendTitle} text={data.diff} />
          ) : (
            <p className="text-muted">{t.same}</p>
          )}
          <Section title={en.policies.simulation}>
            {simulation.running && <Loading text={en.policies.simulating} />}
            {simulation.error && <Failure error={simulation.error} retry={() => simulation.run(data.text)} />}
            {!simulation.running && simulation.result && simulation.text === data.text && (
              <SimulationResult simulation={simulation.result} />
            )}
          </Section>
          <div className="mt-6">
            <PolicySentences sentences={data.sentences} />
          </div>
        </>
      )}
    </Dialog>
  );
}
