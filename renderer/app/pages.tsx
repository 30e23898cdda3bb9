import {
  Activity,
  Blocks,
  Inbox,
  LayoutList,
  type LucideIcon,
  MonitorSmartphone,
  ScrollText,
  Settings,
} from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { en } from '../../shared/text/en.ts';
import { ActivityPage, wouldFilter } from '../features/activity/activity-page.tsx';
import { ClientsPage } from '../features/clients/clients-page.tsx';
import { MissedCount } from '../features/missed/missed-count.tsx';
import { MissedPage } from '../features/missed/missed-page.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { PoliciesPage } from '../features/policies/policies-page.tsx';
import { PolicyPage } from '../features/policies/policy-page.tsx';
import { ServerPage } from '../features/servers/server-page.tsx';
import { ServersPage } from '../features/servers/servers-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';

/** The parts of an address that a route names with `:`, decoded. A part that the route does not name is ''. */
type Part = (name: string) => string;

export interface PageEntry {
  /** Where the navigation, the palette and the key go; also the route of the page itself. */
  readonly path: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`; lower case, and no other page's. */
  readonly key: string;
  /** False for a page that only the palette, its key and links lead to. */
  readonly inNavigation: boolean;
  /** Drawn after the label in the navigation. */
  readonly badge?: ComponentType;
  render(): ReactNode;
  /** More addresses that belong to the page, as patterns of the router. */
  readonly below?: Readonly<Record<string, (part: Part) => ReactNode>>;
}

/** Shows the calls that wait, when pressed after `g`. */
export const APPROVALS_KEY = 'w';

/**
 * Every page of the manager, in the order of the navigation. The only list: routes, navigation, palette, keys and the
 * help of the keys are made from it.
 */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/',
    label: en.app.nav.overview,
    icon: LayoutList,
    key: 'o',
    inNavigation: true,
    render: () => <OverviewPage />,
  },
  {
    path: '/servers',
    label: en.app.nav.servers,
    icon: Blocks,
    key: 's',
    inNavigation: true,
    render: () => <ServersPage adding={false} />,
    below: {
      '/add-server': () => <ServersPage adding />,
      '/servers/:name/review': (part) => (
        <ServerPage key={`${part('name')}/review`} name={part('name')} reviewing />
      ),
      '/servers/:name': (part) => <ServerPage key={part('name')} name={part('name')} />,
    },
  },
  {
    path: '/clients',
    label: en.app.nav.clients,
    icon: MonitorSmartphone,
    key: 'c',
    inNavigation: true,
    render: () => <ClientsPage />,
  },
  {
    path: '/policies',
    label: en.app.nav.policies,
    icon: ScrollText,
    key: 'p',
    inNavigation: true,
    render: () => <PoliciesPage />,
    below: { '/policies/:name': (part) => <PolicyPage key={part('name')} name={part('name')} /> },
  },
  {
    path: '/activity',
    label: en.app.nav.activity,
    icon: Activity,
    key: 'a',
    inNavigation: true,
    render: () => <ActivityPage />,
    below: {
      '/activity/would/:would/:server': (part) => (
        <ActivityPage
          key={`${part('would')} ${part('server')}`}
          show={wouldFilter(part('would'), part('server'))}
        />
      ),
      '/activity/:seq': (part) => <ActivityPage key={part('seq')} seq={Number(part('seq'))} />,
    },
  },
  {
    path: '/missed',
    label: en.app.nav.missed,
    icon: Inbox,
    key: 'm',
    inNavigation: true,
    badge: MissedCount,
    render: () => <MissedPage />,
  },
  {
    path: '/settings',
    label: en.app.nav.settings,
    icon: Settings,
    key: ',',
    inNavigation: true,
    render: () => (
      <SettingsPage
        pageKeys={PAGES.map(({ key, label }) => ({ keys: keysTo(key), label }))}
        approvalKeys={keysTo(APPROVALS_KEY)}
      />
    ),
  },
];

export interface RouteEntry {
  /** The `path` of the page that the address belongs to. */
  readonly page: string;
  /** A pattern of the router. */
  readonly path: string;
  render(part: Part): ReactNode;
}
/** Every address with what is shown there; each is matched whole, so that their order does not matter. */
export const ROUTES: readonly RouteEntry[] = PAGES.flatMap(({ path: page, render, below = {} }) => [
  { page, path: page, render },
  ...Object.entries(below).map(([path, render]) => ({ page, path, render })),
]);

/** The pattern of the addresses where the navigation shows a page as the one that is open. */
export function whereOpen({ path, below }: PageEntry): string {
  return below ? `${path}/*?` : path;
}

/** What is pressed for a key of the list, in words: `G S`. */
export function keysTo(key: string): string {
  return `G ${key.toUpperCase()}`;
}

/** Reads the parts of an address that a route matched; one that is not encoded properly is taken as it is. */
export function partsOf(params: Readonly<Record<string, string | undefined>>): Part {
  return (name) => {
    const part = params[name] ?? '';
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
}
