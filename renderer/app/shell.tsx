import { useEffect, useRef, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { en } from '../../shared/text/en.ts';
import { useCore } from '../client/hooks.ts';
import { ApprovalPanel } from '../features/approvals/queue/approval-panel.tsx';
import { Navigation } from './navigation.tsx';
import { NotFound } from './not-found.tsx';
import { partsOf, ROUTES } from './pages.tsx';
import { Palette } from './palette.tsx';
import { StateLine } from './state-line.tsx';
import { useKeys } from './use-keys.ts';

/** The manager: navigation on the left, the state in words above, a page, and the prompts that slide in over it. */
export function Shell({ ownApprovalWindow }: { ownApprovalWindow: boolean }) {
  const [, navigate] = useLocation();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const prompts = usePrompts(ownApprovalWindow);
  useKeys({
    openPalette: () => setPaletteOpen(true),
    showApprovals: prompts.show,
    navigate,
  });
  return (
    <div className="relative grid h-full grid-cols-[208px_minmax(0,1fr)]">
      <button
        type="button"
        onClick={() => document.getElementById('content')?.focus()}
        className="pop sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:px-3 focus:py-1"
      >
        {en.app.skip}
      </button>
      <Navigation onApprovals={prompts.show} />
      <div className="flex min-h-0 min-w-0 flex-col">
        <StateLine onPalette={() => setPaletteOpen(true)} />
        <main id="content" tabIndex={-1} className="min-h-0 grow">
          <Switch>
            {ROUTES.map(({ page, path, render }) => (
              // Only one of them is drawn; with the key of its page, a page keeps its state from one of its addresses to another.
              <Route key={page} path={path}>
                {(params: Record<string, string | undefined>) => render(partsOf(params))}
              </Route>
            ))}
            <Route component={NotFound} />
          </Switch>
        </main>
      </div>
      {prompts.open && <ApprovalPanel takeFocus={prompts.asked} onLater={prompts.hide} />}
      <Palette open={paletteOpen} onClose={() => setPaletteOpen(false)} onApprovals={prompts.show} />
    </div>
  );
}

/** When the panel is open: by itself for a prompt not seen before, until the person says later or nothing waits. */
function usePrompts(ownApprovalWindow: boolean) {
  const approvals = useCore((state) => state.approvals);
  const seen = useRef(new Set<string>());
  const [shown, setShown] = useState<'no' | 'came' | 'asked'>('no');
  useEffect(() => {
    const isNew = approvals.some(({ id }) => !seen.current.has(id));
    seen.current = new Set(approvals.map(({ id }) => id));
    if (isNew && !ownApprovalWindow) setShown((before) => (before === 'no' ? 'came' : before));
    else if (approvals.length === 0) setShown((before) => (before === 'came' ? 'no' : before));
  }, [approvals, ownApprovalWindow]);
  return {
    open: shown === 'asked' || (shown === 'came' && approvals.length > 0),
    asked: shown === 'asked',
    show: () => setShown('asked'),
    hide: () => setShown('no'),
  };
}
