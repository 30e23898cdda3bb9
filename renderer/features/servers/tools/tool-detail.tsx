import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { CLEAR_CONFIDENCE } from '../../../../shared/limits.ts';
import type { Risk } from '../../../../shared/schemas/common.ts';
import type { ToolView } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { wholeTime } from '../../../ui/format.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { SEVERITY_TONE } from '../../shared/severity-tone.ts';
import { isReviewable, Reasons } from '../definitions/pin.tsx';
import { ToolDefinition } from './tool-definition.tsx';

const t = en.tools.detail;

/** One tool in full: its class and why, how its definition stands, what the policy says, and the definition itself. */
export function ToolDetailPane(props: { tool: ToolView; onClose(): void; onReview(): void }) {
  const { tool } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows to each tool that is opened
  useEffect(() => heading.current?.focus(), [tool.name]);
  return (
    <aside
      aria-label={t.label(visibleText(tool.name))}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        props.onClose();
      }}
      className="flex w-[400px] max-w-full shrink-0 flex-col border-line border-l bg-side max-[1240px]:absolute max-[1240px]:inset-y-0 max-[1240px]:right-0 max-[1240px]:z-20 max-[1240px]:shadow-pop"
    >
      <header className="flex min-h-10 shrink-0 items-start gap-2 py-1.5 pr-2 pl-4">
        <h2 ref={heading} tabIndex={-1} className="mr-auto min-w-0 py-1 font-medium font-mono outline-none">
          <Untrusted text={tool.name} />
        </h2>
        <IconButton icon={X} label={t.close} onClick={props.onClose} />
      </header>
      <section
        aria-label={t.label(visibleText(tool.name))}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
        tabIndex={0}
        className="min-h-0 grow overflow-auto px-4 pb-6 focus-visible:-outline-offset-2"
      >
        <Standing tool={tool} onReview={props.onReview} />
        <RiskSection risk={tool.risk} />
        <Part title={t.rule}>
          <p>
            <Untrusted text={tool.explain} />
          </p>
          <p className="font-mono text-muted text-small">
            <Untrusted text={tool.rule} />
          </p>
        </Part>
        <Part title={t.definition}>
          <p className="mb-3 text-muted">{t.whole}</p>
          <ToolDefinition tool={tool} />
          <Facts tool={tool} onReview={props.onReview} />
        </Part>
      </section>
    </aside>
  );
}

/** How the definition stands against what was seen and reviewed before, where there is something to say. */
function Standing({ tool, onReview }: { tool: ToolView; onReview(): void }) {
  const { pin } = tool;
  const label = en.tools.pin[pin.state];
  if (label === null && pin.reasons.length === 0) return null;
  return (
    <div className={`mt-1 rounded-md px-3 py-2 ${pin.state === 'blocked' ? 'bg-warn-soft' : 'bg-hover'}`}>
      <h3 className="font-medium">{label ?? t.warnings}</h3>
      {label !== null && <p>{en.tools.pinHint[pin.state]}</p>}
      <Reasons reasons={pin.reasons} className="mt-1" />
      {isReviewable(pin) && (
        <Button className="mt-2" onClick={onReview}>
          {pin.state === 'passed' ? en.tools.reviewing.show : en.tools.review}
        </Button>
      )}
    </div>
  );
}

function RiskSection({ risk }: { risk: Risk }) {
  return (
    <Part title={t.class}>
      <p className="flex items-center gap-2">
        <Badge tone={SEVERITY_TONE[risk.severity]}>{en.tools.riskTitle(risk.category, risk.severity)}</Badge>
        <span className="text-muted">{en.tools.confidence(risk.confidence)}</span>
      </p>
      {risk.reasons.length === 0 ? (
        <p className="mt-2">{en.tools.noReasons}</p>
      ) : (
        <Reasons reasons={risk.reasons} className="mt-2" />
      )}
      {risk.flags.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1">
          {risk.flags.map((flag) => (
            <li key={flag}>
              <span className="font-medium">{en.tools.flag[flag]}</span>{' '}
              <span className="text-muted">{en.tools.flagHint[flag]}</span>
            </li>
          ))}
        </ul>
      )}
      {risk.confidence < CLEAR_CONFIDENCE && (
        <p className="mt-2 text-muted">
          <span className="font-medium">{t.unclear}: </span>
          {t.lowConfidence}
        </p>
      )}
    </Part>
  );
}

function Facts({ tool, onReview }: { tool: ToolView; onReview(): void }) {
  const { pin } = tool;
  return (
    <dl className="mt-4 grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <dt className="text-muted">{t.since}</dt>
      <dd>{wholeTime(pin.since)}</dd>
      <dt className="text-muted">{t.versions}</dt>
      <dd className="flex items-center gap-2">
        {pin.versions}
        {pin.versions > 1 && (
          <button type="button" onClick={onReview} className="underline underline-offset-2">
            {t.history}
          </button>
        )}
      </dd>
      <dt className="text-muted">{t.hash}</dt>
      <dd className="break-all font-mono text-small leading-5">{pin.hash}</dd>
    </dl>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-5">
      <h3 className="mb-1 font-medium text-muted">{title}</h3>
      {children}
    </section>
  );
}
