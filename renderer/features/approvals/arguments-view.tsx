import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { summarise } from './arguments-summary.ts';

const t = en.approvals;
/** Rounding of scroll positions on scaled displays, px. */
const SLACK = 4;

/** Whether everything in a scrolling box was in sight: it fits, or was scrolled to its end since `content` came. */
export function useReadToEnd(content: string): { ref: RefObject<HTMLElement | null>; isRead: boolean } {
  const ref = useRef<HTMLElement>(null);
  const [readOf, setReadOf] = useState<string | null>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    box.scrollTop = 0;
    const look = (): void => {
      if (box.scrollTop + box.clientHeight >= box.scrollHeight - SLACK) setReadOf(content);
    };
    look();
    box.addEventListener('scroll', look);
    // A box that grows may come to show everything.
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(look);
    observer?.observe(box);
    return () => {
      box.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  }, [content]);
  return { ref, isRead: readOf === content };
}

/** The arguments as they were sent: whole, plain text, in a box that scrolls. */
export function ArgumentsView({
  text,
  digest,
  box,
}: {
  text: string;
  digest: string;
  box: RefObject<HTMLElement | null>;
}) {
  const { count, first } = useMemo(() => summarise(text), [text]);
  return (
    <div className="flex min-h-32 grow flex-col">
      <div className="flex items-baseline gap-2 pb-1.5">
        <h3 className="mr-auto font-medium text-muted">
          {count === null ? t.argumentsLabel : t.arguments(count)}
        </h3>
        <p className="min-w-0 truncate font-mono text-muted text-small" title={`${t.digest} ${digest}`}>
          {t.digest.toLowerCase()} {shortDigest(digest)}
        </p>
      </div>
      <section
        ref={box}
        aria-label={t.argumentsLabel}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard
        tabIndex={0}
        className="min-h-0 grow basis-0 overflow-auto rounded-md border border-line bg-side px-3 py-2"
      >
        {first.length > 0 && (
          <>
            <h4 className="text-muted text-small">{t.first}</h4>
            <div data-part="first" className="mb-2 border-line border-b pb-2">
              {first.map((raw) => (
                <Untrusted key={raw} block text={raw} />
              ))}
            </div>
            <h4 className="text-muted text-small">{t.whole}</h4>
          </>
        )}
        <div data-part="whole">
          <Untrusted block text={text} />
        </div>
      </section>
    </div>
  );
}

function shortDigest(digest: string): string {
  return digest.replace(/^sha256[:-]/, '').slice(0, 12);
}
