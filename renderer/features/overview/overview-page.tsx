import { useState } from 'react';
import { useCore } from '../../client/hooks.ts';
import { isRouted } from '../clients/client-state.ts';
import { FirstRun } from './first-run/first-run.tsx';
import { RoutedOverview } from './routed-overview.tsx';

/** The first run until a client is routed and the person has seen what comes next; the overview after that. */
export function OverviewPage() {
  const anyRouted = useCore((state) => state.clients.some(isRouted));
  const [isRouting, setRouting] = useState(!anyRouted);
  if (!anyRouted && !isRouting) setRouting(true);
  return isRouting ? <FirstRun onDone={() => setRouting(false)} /> : <RoutedOverview />;
}
