import { useState } from 'react';
import type { DefinitionChange, DefinitionVersion } from '../../../../shared/schemas/pin.ts';
import { en } from '../../../../shared/text/en.ts';
import { Badge } from '../../../ui/badge.tsx';
import { wholeTime } from '../../../ui/format.ts';
import { ChangedFields } from './changed-fields.tsx';
import { Reasons } from './pin.tsx';

const t = en.tools.reviewing;

/** Every definition a tool had, newest first; each opens to what it changed against the one before. */
export function DefinitionHistory({ versions }: { versions: readonly DefinitionVersion[] }) {
  return (
    <section>
      <h3 className="mb-1 font-medium text-muted">{t.history}</h3>
      <ol className="border-line border-t">
        {versions.map((version, at) => (
          // A definition may come back, so its hash alone names no row.
          <li key={`${version.hash} ${version.firstAt}`} className="border-line border-b">
            {version.change === null ? (
              <Line version={version} isNow={at === 0} />
            ) : (
              <Version version={version} change={version.change} isNow={at === 0} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What it holds is drawn once it is opened: a tool may have had hundreds. */
function Version(props: { version: DefinitionVersion; change: DefinitionChange; isNow: boolean }) {
  const { version, change, isNow } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="hover:bg-hover">
        <Line version={version} isNow={isNow} />
      </summary>
      {isOpen && (
        <div className="pt-1 pb-3 pl-4">
          <Reasons reasons={change.reasons} className="mb-2" />
          <ChangedFields change={change} />
        </div>
      )}
    </details>
  );
}

function Line({ version, isNow }: { version: DefinitionVersion; isNow: boolean }) {
  const { change, reviewedAt } = version;
  return (
    <span className="inline-flex min-h-8 flex-wrap items-center gap-x-3 py-1">
      <span>
        {t.seen(wholeTime(version.firstAt), isNow ? t.now.toLowerCase() : wholeTime(version.lastAt))}
      </span>
      {change === null ? (
        <span className="text-muted">{t.first}</span>
      ) : (
        <Badge tone={change.direction === 'blocks' ? 'warn' : 'none'}>{t.direction[change.direction]}</Badge>
      )}
      {reviewedAt !== null && <span className="text-muted">{t.reviewedAt(wholeTime(reviewedAt))}</span>}
      <span className="font-mono text-muted text-small">{version.hash.slice(0, 19)}</span>
    </span>
  );
}
