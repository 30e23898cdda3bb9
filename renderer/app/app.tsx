import { CSPProvider } from '@base-ui/react/csp-provider';
import { Toast } from '@base-ui/react/toast';
import { Tooltip } from '@base-ui/react/tooltip';
import { Router, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { en } from '../../shared/text/en.ts';
import { StoreContext, useHasState, useLink } from '../client/hooks.ts';
import type { Store } from '../client/store.ts';
import { ApprovalWindow } from '../features/approvals/queue/approval-window.tsx';
import { Toasts, toasts } from '../ui/toast.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { LostBar } from './lost-bar.tsx';
import { Shell } from './shell.tsx';

export interface AppProps {
  store: Store;
  /** Prompts have a window of their own (Electron): the panel opens only when it is asked for. */
  ownApprovalWindow: boolean;
}

export function App({ store, ownApprovalWindow }: AppProps) {
  return (
    <CSPProvider disableStyleElements>
      <ErrorBoundary>
        <StoreContext value={store}>
          <Router hook={useHashLocation}>
            <Tooltip.Provider delay={300}>
              <Toast.Provider toastManager={toasts} limit={4}>
                <Gate ownApprovalWindow={ownApprovalWindow} />
              </Toast.Provider>
            </Tooltip.Provider>
          </Router>
        </StoreContext>
      </ErrorBoundary>
    </CSPProvider>
  );
}

function Gate({ ownApprovalWindow }: { ownApprovalWindow: boolean }) {
  const link = useLink();
  const hasState = useHasState();
  const [path] = useLocation();
  if (link === 'refused') return <Refused />;
  if (!hasState) return <Connecting />;
  return (
    <div className="flex h-full flex-col">
      <LostBar />
      <div className="min-h-0 grow">
        {path === '/approval' ? <ApprovalWindow /> : <Shell ownApprovalWindow={ownApprovalWindow} />}
      </div>
      {path !== '/approval' && <Toasts />}
    </div>
  );
}

function Refused() {
  return (
    <main className="mx-auto flex h-full max-w-[56ch] flex-col justify-center px-6 pb-20">
      <h1 className="font-semibold text-title">{en.app.link.refusedTitle}</h1>
      <p className="mt-2 text-muted">{en.app.link.refused}</p>
      <code className="mt-4 select-all rounded-md border border-line bg-side px-3 py-2 font-mono">
        {en.app.link.refusedCommand}
      </code>
    </main>
  );
}

function Connecting() {
  return (
    <main className="flex h-full flex-col">
      <LostBar />
      <h1 className="sr-only">{en.app.name}</h1>
      <p role="status" className="m-auto text-muted">
        {en.app.link.connecting}…
      </p>
    </main>
  );
}
