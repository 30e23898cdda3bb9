import { CircleAlert, TriangleAlert } from 'lucide-react';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { PlacedMessage } from './locate.ts';

const t = en.policies;
/** A document that is wrong everywhere needs no longer list than this. */
const MOST = 50;

/** What the check found, each with the way to its line. */
export function CheckResult(props: {
  id: string;
  state: 'none' | 'checking' | 'done';
  messages: readonly PlacedMessage[];
  onGoTo(line: number): void;
}) {
  const { messages } = props;
  const problems = messages.filter(({ tone }) => tone === 'bad').length;
  return (
    <div id={props.id} role="status" className="min-h-5">
      {props.state === 'checking' && <p className="text-muted">{t.checking}…</p>}
      {props.state === 'done' && messages.length === 0 && <p className="text-good">{t.ok}</p>}
      {messages.length > 0 && (
        <>
          <p className="font-medium">
            {problems > 0 && <span className="text-bad">{t.problems(problems)}</span>}
            {problems > 0 && problems < messages.length && ', '}
            {problems < messages.length && (
              <span className="text-warn">{t.warnings(messages.length - problems)}</span>
            )}
          </p>
          <ul className="mt-1 flex flex-col gap-1">
            {messages.slice(0, MOST).map((found) => (
              <Message
                key={`${found.line} ${found.path} ${found.message}`}
                found={found}
                onGoTo={props.onGoTo}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Message({ found, onGoTo }: { found: PlacedMessage; onGoTo(line: number): void }) {
  const { line, tone } = found;
  const Icon = tone === 'bad' ? CircleAlert : TriangleAlert;
  return (
    <li className="flex items-start gap-2">
      <Icon
        size={14}
        strokeWidth={1.75}
        aria-hidden="true"
        className={tone === 'bad' ? 'mt-[3px] shrink-0 text-bad' : 'mt-[3px] shrink-0 text-warn'}
      />
      <p className="min-w-0">
        {line !== null && (
          <button
            type="button"
            aria-label={t.goToLine(line, visibleText(found.message))}
            onClick={() => onGoTo(line)}
            className="mr-2 rounded-sm underline underline-offset-2"
          >
            {t.line(line)}
          </button>
        )}
        <Untrusted text={found.message} />
        {found.suggestion !== null && (
          <span className="text-muted">
            {' '}
            <Untrusted text={t.suggestion(found.suggestion)} />
          </span>
        )}
        {found.path && (
          <span className="ml-2 font-mono text-muted text-small">
            <Untrusted text={found.path} />
          </span>
        )}
      </p>
    </li>
  );
}
