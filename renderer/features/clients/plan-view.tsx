import type { ClientPlan, PlannedFile } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { Diff } from '../../ui/diff.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

const t = en.clients;

/** What connecting or disconnecting a client would change, file by file, as a diff. `brief`: warnings and problems stand beside it already. */
export function PlanView({ plan, brief = false }: { plan: ClientPlan; brief?: boolean }) {
  const isSame = plan.files.every((file) => file.diff === '' && !file.problem);
  return (
    <div className="flex flex-col gap-4">
      {!brief && plan.warnings.length > 0 && (
        <div className="rounded-md bg-warn-soft px-3 py-2">
          <p className="font-medium text-warn">{t.warnings}</p>
          <ul>
            {plan.warnings.map((warning) => (
              <li key={warning}>
                <Untrusted text={warning} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {isSame && <p className="text-muted">{t.unchanged}</p>}
      {plan.files.map((file) => (
        <FileView key={file.path} file={file} brief={brief} />
      ))}
    </div>
  );
}

function FileView({ file, brief }: { file: PlannedFile; brief: boolean }) {
  const secrets = [...new Set(file.entries.flatMap((entry) => entry.secrets))];
  const skipped = file.entries.filter((entry) => entry.action === 'skip');
  if (file.diff === '' && !file.problem && skipped.length === 0) return null;
  return (
    <section>
      <p className="mb-1.5 font-mono text-small">
        <Untrusted text={file.path} />
      </p>
      {file.problem && !brief && (
        <p role="alert" className="mb-2 text-bad">
          {t.fileProblem}: <Untrusted text={file.problem} />
        </p>
      )}
      {file.diff !== '' && <Diff label={t.diff.label(file.path)} text={file.diff} />}
      {secrets.length > 0 && (
        <p className="mt-1.5 text-muted">
          <Untrusted text={t.moves(secrets.join(', '))} />
        </p>
      )}
      {skipped.length > 0 && (
        <ul className="mt-1.5 text-muted">
          {skipped.map((entry) => (
            <li key={`${entry.project} ${entry.name}`}>
              <Untrusted text={`${entry.name}: ${entry.reason ?? t.entryState.skipped}`} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** How many entries of a plan are routed or left, and how many secrets move. */
export function planCounts(plan: ClientPlan): { routed: number; skipped: number; secrets: number } {
  const entries = plan.files.flatMap((file) => file.entries);
  return {
    routed: entries.filter(({ action }) => action === 'route').length,
    skipped: entries.filter(({ action }) => action === 'skip').length,
    secrets: entries.reduce((sum, { secrets }) => sum + secrets.length, 0),
  };
}
