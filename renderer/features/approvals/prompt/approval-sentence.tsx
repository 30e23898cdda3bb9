import type { ReactNode, RefObject } from 'react';
import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { SEVERITY_TONE } from '../../shared/severity-tone.ts';
import { plainWords } from './plain-words.ts';

const t = en.approvals;

/** Stays in sight above what scrolls. A name that would fill the window scrolls by itself, and has to be read too. */
export function Heading({ box, children }: { box?: RefObject<HTMLElement | null>; children: ReactNode }) {
  return (
    <h2
      ref={box as RefObject<HTMLHeadingElement | null>}
      tabIndex={-1}
      className="max-h-36 shrink-0 overflow-auto text-large leading-6 outline-none"
    >
      {children}
    </h2>
  );
}

/** Who wants what, where. The tool's exact name is always there, in mono; plain words only help to read it. */
export function ApprovalSentence({
  approval,
  box,
}: {
  approval: ApprovalView;
  box: RefObject<HTMLElement | null>;
}) {
  return (
    <Heading box={box}>
      <Strong text={approval.clientName} /> {t.wants} <ToolName tool={approval.tool} /> {t.on}{' '}
      <Strong text={approval.server} />
    </Heading>
  );
}

export function ToolName({ tool }: { tool: string }) {
  const words = plainWords(tool);
  return (
    <>
      {words && (
        <>
          <Strong text={words} />{' '}
        </>
      )}
      <Untrusted
        text={tool}
        className={words ? 'font-mono text-base text-muted' : 'font-mono font-semibold text-base'}
      />
    </>
  );
}

export function Strong({ text }: { text: string }) {
  return (
    <strong className="font-semibold">
      <Untrusted text={text} />
    </strong>
  );
}

/** The class, what else is notable in words, and why it asks, with the rule that says so. */
export function ApprovalReason({ approval }: { approval: ApprovalView }) {
  const { risk, toolTitle, tool } = approval;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Badge tone={SEVERITY_TONE[risk.severity]}>{t.risk(risk.category, risk.severity)}</Badge>
        <span className="text-muted">{t.flags(risk.flags, en.tools.flagHint)}</span>
      </p>
      <p>
        <Untrusted text={approval.why} />{' '}
        <Untrusted text={approval.rule} className="font-mono text-muted text-small" />
      </p>
      {toolTitle && toolTitle !== tool && (
        <p className="text-muted">
          {t.titled}: <Untrusted text={toolTitle} />
        </p>
      )}
      {approval.count > 1 && <p className="font-medium text-warn">{t.identical(approval.count)}</p>}
    </div>
  );
}
