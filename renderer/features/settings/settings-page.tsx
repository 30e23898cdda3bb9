import { CircleAlert, CircleCheck, ClipboardCopy, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { ModeName } from '../../../shared/schemas/common.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useLoad, useStore } from '../../client/hooks.ts';
import type { Output } from '../../client/store.ts';
import { Button } from '../../ui/button.tsx';
import { wholeTime } from '../../ui/format.ts';
import { MOD } from '../../ui/keys.ts';
import { Failure, Loading, Page, Section } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { setTheme, THEMES, useTheme } from '../../ui/theme.ts';
import { useAction } from '../../ui/toast.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useSetMode } from '../shared/use-set-mode.ts';
import { Line } from './line.tsx';
import { SettingsForm } from './settings-form.tsx';
import { StartAtLogin } from './start-at-login.tsx';

const t = en.settings;

/** The keys of the pages and of the waiting calls, as they are pressed: `G S`. */
export interface KeysOfPages {
  readonly pageKeys: readonly { readonly keys: string; readonly label: string }[];
  readonly approvalKeys: string;
}

export function SettingsPage(keys: KeysOfPages) {
  return (
    <Page title={t.title}>
      <div className="max-w-[720px]">
        <Appearance />
        <StartAtLogin />
        <SettingsForm />
        <Audit />
        <About />
        <Doctor />
        <Keys {...keys} />
      </div>
    </Page>
  );
}

function Appearance() {
  const theme = useTheme();
  const mode = useCore((state) => state.mode);
  const setMode = useSetMode();
  return (
    <Section title={t.appearance}>
      <Line label={t.theme}>
        <Segmented
          label={t.theme}
          value={theme}
          choices={THEMES.map((value) => ({ value, label: en.app.themes[value] }))}
          onChange={setTheme}
        />
      </Line>
      <Line label={t.mode} hint={t.modeHint}>
        <Segmented<ModeName>
          label={t.mode}
          value={mode.mode}
          choices={(['enforce', 'observe', 'raised', 'bypass'] as const).map((value) => ({
            value,
            label: en.app.mode.name[value],
            hint: en.app.mode.detail({ mode: value, until: null }),
          }))}
          onChange={(next) => void setMode(next)}
        />
      </Line>
    </Section>
  );
}

function Audit() {
  const store = useStore();
  const act = useAction();
  const [verdict, setVerdict] = useState<Output<'audit.verify'> | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setVerdict((await act(() => store.call('audit.verify', {}))) ?? null);
    setBusy(false);
  };
  return (
    <Section title={t.audit}>
      <Line label={t.auditLead}>
        <Button icon={ShieldCheck} busy={busy} onClick={() => void verify()}>
          {busy ? t.verifying : t.verify}
        </Button>
      </Line>
      <p role="status" className={verdict ? `py-2 ${verdict.ok ? 'text-good' : 'text-bad'}` : ''}>
        {verdict?.message}
      </p>
    </Section>
  );
}

function About() {
  const core = useCore((state) => state.core);
  const facts: [string, string][] = [
    [t.fields.version, core.version],
    [t.fields.gateway, core.gateway ?? t.noGateway],
    [t.fields.dataDir, core.dataDir],
    [t.fields.secretStore, t.secretStore[core.secretStore]],
    [t.fields.host, t.host[core.host]],
    [t.fields.pid, String(core.pid)],
    [t.fields.started, wholeTime(core.startedAt)],
  ];
  return (
    <Section title={t.about}>
      <dl className="grid grid-cols-[140px_minmax(0,1fr)] gap-y-1.5 py-3">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="select-text break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Doctor() {
  const doctor = useLoad('doctor', {}, 'doctor');
  const act = useAction();
  const copy = (): void => {
    const report = (doctor.data ?? [])
      .map(({ name, ok, detail, fix }) => t.reportLine(ok, name, detail, fix))
      .join('\n');
    void act(() => navigator.clipboard.writeText(report), t.copied);
  };
  return (
    <Section
      title={t.doctor}
      action={
        <>
          <Button look="quiet" icon={ClipboardCopy} disabled={!doctor.data} onClick={copy}>
            {t.copyReport}
          </Button>
          <Button look="quiet" icon={RefreshCw} busy={doctor.loading} onClick={doctor.reload}>
            {t.doctorRun}
          </Button>
        </>
      }
    >
      {doctor.error && <Failure error={doctor.error} retry={doctor.reload} />}
      {!doctor.data && !doctor.error && <Loading />}
      <ul>
        {doctor.data?.map(({ name, ok, detail, fix }) => (
          <li key={name} className="flex gap-3 border-line border-b py-2">
            {ok ? (
              <CircleCheck
                size={15}
                strokeWidth={1.75}
                className="mt-0.5 shrink-0 text-good"
                aria-label={t.doctorOk}
              />
            ) : (
              <CircleAlert
                size={15}
                strokeWidth={1.75}
                className="mt-0.5 shrink-0 text-bad"
                aria-label={t.doctorBad}
              />
            )}
            <div className="min-w-0">
              <p>{name}</p>
              <p className="text-muted">
                <Untrusted text={detail} />
              </p>
              {fix && (
                <p>
                  <Untrusted text={fix} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Keys({ pageKeys, approvalKeys }: KeysOfPages) {
  const k = t.keyList;
  const keys: [string, string][] = [
    [`${MOD}K`, k.palette],
    ...pageKeys.map(({ keys, label }): [string, string] => [keys, en.app.palette.go(label)]),
    ['/', k.filter],
    [approvalKeys, k.approvals],
    [`${MOD}⏎`, k.allow],
    [`${MOD}⌫`, k.deny],
    ['Esc', k.later],
  ];
  return (
    <Section title={t.keys}>
      <dl className="grid grid-cols-[140px_minmax(0,1fr)] gap-y-1.5 py-3">
        {keys.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="font-sans text-muted">{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
