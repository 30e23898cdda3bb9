import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RpcError } from '../../shared/rpc/frames.ts';
import { en } from '../../shared/text/en.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Untrusted } from './untrusted.tsx';

/** The frame of every page: a title line with its actions, then the content, which scrolls by itself. */
export function Page(props: {
  title: ReactNode;
  above?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The content brings its own scrolling (virtual lists). */
  fixed?: boolean;
}) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 py-3">
        <div className="mr-auto min-w-0">
          {props.above}
          <div className="flex items-baseline gap-3">
            <h1 className="min-w-0 font-semibold text-large tracking-[-0.01em]">{props.title}</h1>
            {props.note && <p className="text-muted">{props.note}</p>}
          </div>
        </div>
        {props.actions}
      </header>
      <div className={cx('min-h-0 grow', props.fixed ? 'flex flex-col' : 'overflow-auto px-6 pb-10')}>
        {props.children}
      </div>
    </div>
  );
}

export function Section(props: {
  title: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cx('mt-8 first:mt-1', props.className)}>
      <header className="flex h-8 items-center gap-3 border-line border-b">
        <h2 className="mr-auto font-medium text-muted">{props.title}</h2>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}

/** Nothing here yet, and what makes something be here. */
export function Empty(props: { icon: LucideIcon; title: string; detail?: ReactNode; action?: ReactNode }) {
  const Icon = props.icon;
  return (
    <div className="flex flex-col items-center px-6 py-16 text-center">
      <Icon size={22} strokeWidth={1.5} aria-hidden="true" className="text-muted" />
      <p className="mt-3 font-medium">{props.title}</p>
      {props.detail && <p className="mt-1 max-w-[52ch] text-muted">{props.detail}</p>}
      {props.action && <div className="mt-4 flex gap-2">{props.action}</div>}
    </div>
  );
}

export function Failure({ error, retry }: { error: RpcError; retry?: () => void }) {
  return (
    <div role="alert" className="my-3 flex items-start gap-3 rounded-md bg-bad-soft px-3 py-2">
      <div className="min-w-0 grow">
        <p className="text-bad">
          <Untrusted text={error.message} />
        </p>
        {error.fix && (
          <p>
            <Untrusted text={error.fix} />
          </p>
        )}
      </div>
      {retry && <Button onClick={retry}>{en.app.failed.retry}</Button>}
    </div>
  );
}

export function Loading({ text = en.app.loading }: { text?: string }) {
  return (
    <p role="status" className="px-1 py-6 text-muted">
      {text}…
    </p>
  );
}
