import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import { en } from '../../../shared/text/en.ts';
import { Badge } from '../../ui/badge.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { SEVERITY_TONE } from '../servers/risk.tsx';

const t = en.approvals;

/** Who wants what, where. The tool's name is always there: a title is the server's own word for it. */
export function ApprovalSentence({ approval }: { approval: ApprovalView }) {
  return (
    <h2 className="text-large leading-6">
      <Strong text={approval.clientName} /> {t.wants} <Strong text={approval.tool} mono />
      {approval.toolTitle && approval.toolTitle !== approval.tool && (
        <>
          {' '}
          (<Untrusted text={approval.toolTitle} />)
        </>
      )}{' '}
      {t.on} <Strong text={approval.server} />
    </h2>
  );
}

function Strong({ text, mono }: { text: string; mono?: boolean }) {
  return (
    <strong className="font-semibold">
      <Untrusted text={text} className={mono ? 'font-mono text-base' : ''} />
    </strong>
  );
}

/** The class, what else is notable, and why it asks, with the rule that says so. */
export function ApprovalReason({ approval }: { approval: ApprovalView }) {
  const { risk } = approval;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-center gap-1.5">
        <Badge tone={SEVERITY_TONE[risk.severity]}>{t.risk(risk.category, risk.severity)}</Badge>
        {risk.flags.map((flag) => (
          <Badge key={flag}>{en.tools.flag[flag]}</Badge>
        ))}
      </p>
      <p>
        <Untrusted text={approval.why} />{' '}
        <span className="font-mono text-muted text-small">
          <Untrusted text={approval.rule} />
        </span>
      </p>
      {approval.count > 1 && <p className="font-medium text-warn">{t.identical(approval.count)}</p>}
    </div>
  );
}
