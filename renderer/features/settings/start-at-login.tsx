import { useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { useLoad, useStore } from '../../client/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Line } from './line.tsx';

const t = en.settings.startAtLogin;

/** Starting with the computer; nothing where this core cannot put it on or off. */
export function StartAtLogin() {
  const found = useLoad('startAtLogin.get', {}, 'start-at-login');
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState(false);
  if (!found.data) return null;
  const { on, place, notes } = found.data;
  const set = async (next: boolean): Promise<void> => {
    setBusy(true);
    const result = await act(
      () => store.call('startAtLogin.set', { on: next }),
      (now) => (now.on ? t.on : t.off),
    );
    setBusy(false);
    if (result) found.set(result);
    else found.reload();
  };
  return (
    <Section title={t.title}>
      <Line label={t.label} hint={on ? place : t.hint}>
        <Segmented
          label={t.label}
          value={on ? 'on' : 'off'}
          choices={(['on', 'off'] as const).map((value) => ({ value, label: t.choices[value] }))}
          onChange={(next) => !busy && void set(next === 'on')}
        />
      </Line>
      {notes.map((note) => (
        <p key={note} className="py-1 text-muted text-small">
          <Untrusted text={note} />
        </p>
      ))}
    </Section>
  );
}
