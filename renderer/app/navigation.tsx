import {
  Activity,
  Blocks,
  Hand,
  Inbox,
  LayoutList,
  type LucideIcon,
  MonitorSmartphone,
  ScrollText,
  Settings,
} from 'lucide-react';
import { Link, useRoute } from 'wouter';
import { en } from '../../shared/text/en.ts';
import { useCore } from '../client/hooks.ts';
import { useMissed, useMissedFeed } from '../features/missed/use-missed.ts';
import { cx } from '../ui/cx.ts';

const PLACES: { path: string; match: string; label: string; icon: LucideIcon }[] = [
  { path: '/', match: '/', label: en.app.nav.overview, icon: LayoutList },
  { path: '/servers', match: '/servers/*?', label: en.app.nav.servers, icon: Blocks },
  { path: '/clients', match: '/clients', label: en.app.nav.clients, icon: MonitorSmartphone },
  { path: '/policies', match: '/policies/*?', label: en.app.nav.policies, icon: ScrollText },
  { path: '/activity', match: '/activity/*?', label: en.app.nav.activity, icon: Activity },
  { path: '/missed', match: '/missed', label: en.app.nav.missed, icon: Inbox },
  { path: '/settings', match: '/settings', label: en.app.nav.settings, icon: Settings },
];

const ROW = 'flex h-7 w-full items-center gap-2.5 rounded-md px-2 text-left transition-colors';

export function Navigation({ onApprovals }: { onApprovals(): void }) {
  const waiting = useCore((state) => state.approvals).reduce((sum, { count }) => sum + count, 0);
  useMissedFeed();
  const missed = useMissed().calls?.length ?? 0;
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
        {PLACES.map((place) => (
          <Place key={place.path} {...place} count={place.path === '/missed' ? missed : 0} />
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

function Place({ path, match, label, icon: Icon, count }: (typeof PLACES)[number] & { count: number }) {
  const [isHere] = useRoute(match);
  return (
    <li>
      <Link
        href={path}
        aria-current={isHere ? 'page' : undefined}
        className={cx(ROW, isHere ? 'bg-active font-medium' : 'text-muted hover:bg-hover hover:text-text')}
      >
        <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
        <span className="grow">{label}</span>{' '}
        {count > 0 && (
          <span aria-label={en.missed.navCount(count)} role="img" className="font-normal text-muted">
            {en.app.number(count)}
          </span>
        )}
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
