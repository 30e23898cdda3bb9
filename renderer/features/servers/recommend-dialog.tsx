import { useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { useLoad, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Failure, Loading } from '../../ui/page.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Sentences } from './policy-tab.tsx';

const t = en.servers.policy;

/** The recommended rules as a diff; saving them is what turns enforcing on for a server that only observed. */
export function RecommendDialog({ server, onClose }: { server: string; onClose(): void }) {
  const store = useStore();
  const act = useAction();
  const [strict, setStrict] = useState(false);
  const [busy, setBusy] = useState(false);
  const recommended = useLoad('policy.recommend', { server, strict }, `${server} ${strict}`);
  const { data } = recommended;
  const apply = async (): Promise<void> => {
    if (!data) return;
    setBusy(true);
    const saved = await act(() => store.call('policy.set', { server, text: data.text }), t.applied(server));
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
          <div className="mt-4">
            <Sentences sentences={data.sentences} />
          </div>
        </>
      )}
    </Dialog>
  );
}
