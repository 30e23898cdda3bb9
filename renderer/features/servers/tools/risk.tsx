import { Popover } from '@base-ui/react/popover';
import type { Risk } from '../../../../shared/schemas/common.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { SEVERITY_TONE } from '../../shared/severity-tone.ts';

const t = en.tools;

/** Joins the badges of a table to its one {@link RiskPopup}: a popup for each row would slow the scrolling down. */
export type RiskPopups = Popover.Handle<Risk>;
export const createRiskPopups = (): RiskPopups => Popover.createHandle<Risk>();

/** The class of a tool; pressed, it says why. */
export function RiskBadge({ tool, risk, popups }: { tool: string; risk: Risk; popups: RiskPopups }) {
  return (
    <Popover.Trigger
      handle={popups}
      payload={risk}
      openOnHover
      delay={300}
      aria-label={`${t.riskTitle(risk.category, risk.severity)}. ${t.why(visibleText(tool))}`}
      className="rounded-sm"
    >
      <Badge tone={SEVERITY_TONE[risk.severity]}>{t.category[risk.category]}</Badge>
    </Popover.Trigger>
  );
}

export function RiskPopup({ popups }: { popups: RiskPopups }) {
  return (
    <Popover.Root handle={popups}>
      {({ payload: risk }) =>
        risk && (
          <Popover.Portal>
            <Popover.Positioner sideOffset={6} align="start" className="z-50">
              <Popover.Popup className="pop fade w-80 p-3">
                <Popover.Title className="font-medium">
                  {t.riskTitle(risk.category, risk.severity)}
                </Popover.Title>
                <p className="text-muted">{t.confidence(risk.confidence)}</p>
                <ul className="mt-2 flex flex-col gap-1">
                  {risk.reasons.length === 0 && <li>{t.noReasons}</li>}
                  {risk.reasons.map((reason) => (
                    <li key={reason}>
                      <Untrusted text={reason} />
                    </li>
                  ))}
                  {risk.flags.map((flag) => (
                    <li key={flag} className="text-muted">
                      {t.flag[flag]}: {t.flagHint[flag]}
                    </li>
                  ))}
                </ul>
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        )
      }
    </Popover.Root>
  );
}
