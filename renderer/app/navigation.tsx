import { Hand } from 'lucide-react';
import { Link, useRoute } from 'wouter';
import { en } from '../../shared/text/en.ts';
import { useWaitingCalls } from '../features/shared/waiting.ts';
import { cx } from '../ui/cx.ts';
import { PAGES, type PageEntry, whereOpen } from './pages.tsx';

const ROW = 'flex h-7 w-full items-center gap-2.5 rounded-md px-2 text-left transition-colors';

/** The pages, and below them the way to the calls that wait. */
export function Navigation({ onApprovals }: { onApprovals(): void }) {
  const waiting = useWaitingCalls();
  return (
    <nav
      aria-label={en.app.navigation}
      className="flex min-h-0 flex-col border-line border-r bg-side px-2.5 py-3"
    >
      <p className="flex h-8 items-center gap-2.5 px-2 font-semibold">
        <Mark />
        {en.app.name}
      </p>
      <ul className="mt-3 flex flex-col gap-px">
        {PAGES.filter(({ inNavigation }) => inNavigation).map((page) => (
          <Place key={page.path} page={page} />
        ))}
      </ul>
      {waiting > 0 && (
        <button
          type="button"
          onClick={onApprovals}
          className={cx(ROW, 'mt-auto bg-warn-soft font-medium text-warn hover:opacity-90')}
        >
          <Hand size={15} strokeWidth={1.75} aria-hidden="true" />
          <span className="grow">{en.app.nav.approvals}</span>
          <span>{waiting}</span>
        </button>
      )}
    </nav>
  );
}

function Place({ page }: { page: PageEntry }) {
  const [isHere] = useRoute(whereOpen(page));
  const { icon: Icon, badge: Badge } = page;
  return (
    <li>
      <Link
        href={page.path}
        aria-current={isHere ? 'page' : undefined}
        className={cx(ROW, isHere ? 'bg-active font-medium' : 'text-muted hover:bg-hover hover:text-text')}
      >
        <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
        <span className="grow">{page.label}</span> {Badge && <Badge />}
      </Link>
    </li>
  );
}

/** A bridge with one half raised. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="16" height="16" fill="none" aria-hidden="true">
      <path
        d="M3 16V6.5a2 2 0 0 1 4 0V16M13 16V6.5a2 2 0 0 1 4 0V16M1.5 16h17M7 8.5l4.5 5"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
