import { useEffect, useState } from 'react';
import type { SettingView } from '../../../shared/schemas/setting.ts';
import { en } from '../../../shared/text/en.ts';
import { asRpcError, useCore, useLoad, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Loading, Section } from '../../ui/page.tsx';
import { tell } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Line } from './line.tsx';
import { MovePort } from './move-port.tsx';

const t = en.settings.form;

/** Every setting of settings.json that has no page of its own. */
export function SettingsForm() {
  // An edit of the file by hand touches the state.
  const rev = useCore((state) =>
    JSON.stringify([state.core, state.mode, state.problems.map(({ id }) => id)]),
  );
  const settings = useLoad('settings.list', {}, rev);
  return (
    <Section title={t.title}>
      {settings.error && <Failure error={settings.error} retry={settings.reload} />}
      {!settings.data && !settings.error && <Loading />}
      {settings.data
        ?.filter(({ elsewhere }) => elsewhere === null)
        .map((view) =>
          view.key === 'gatewayPort' ? (
            <Line key={view.key} label={view.label} hint={view.about}>
              <span className="font-mono text-small">{view.value}</span>
              <MovePort onMoved={settings.reload} />
            </Line>
          ) : (
            <Setting key={view.key} view={view} onSaved={settings.reload} />
          ),
        )}
    </Section>
  );
}

function Setting({ view, onSaved }: { view: SettingView; onSaved(): void }) {
  const store = useStore();
  const [text, setText] = useState(view.value);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setText(view.value), [view.value]);
  const save = async (value: string): Promise<void> => {
    setBusy(true);
    try {
      const saved = await store.call('settings.set', { key: view.key, value });
      setProblem(null);
      setText(saved.value);
      tell(saved.when === 'at-once' ? t.saved(view.label) : t.savedForNextStart(view.label));
      onSaved();
    } catch (error) {
      setProblem(asRpcError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save(text);
      }}
    >
      <Line label={view.label} hint={t.hint(view)}>
        <input
          aria-label={view.label}
          aria-invalid={problem !== null}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          className="control w-44 font-mono text-small"
        />
        {text !== view.value && (
          <Button type="submit" busy={busy}>
            {t.save}
          </Button>
        )}
        {text === view.value && view.value !== view.default && (
          <Button look="quiet" busy={busy} onClick={() => void save(view.default)}>
            {t.reset}
          </Button>
        )}
      </Line>
      <p role="alert" className="py-1 text-bad empty:hidden">
        {problem && <Untrusted text={problem} />}
      </p>
    </form>
  );
}
