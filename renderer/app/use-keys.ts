import { useEffect, useRef } from 'react';
import { APPROVALS_KEY, PAGES } from './pages.tsx';

/** How long after `g` the second key counts, ms. */
const SEQUENCE_MS = 1200;

export interface KeyActions {
  openPalette(): void;
  showApprovals(): void;
  navigate(path: string): void;
}

/** The keys that work everywhere: Ctrl or ⌘ K, `g` and a letter, `/`. Single letters do nothing while someone types. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && key === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return;
      if (Date.now() < goUntil) {
        goUntil = 0;
        const page = PAGES.find((each) => each.key === key);
        if (page) latest.current.navigate(page.path);
        else if (key === APPROVALS_KEY) latest.current.showApprovals();
        else return;
        event.preventDefault();
      } else if (key === 'g') goUntil = Date.now() + SEQUENCE_MS;
      else if (key === '/') {
        const filter = document.querySelector<HTMLInputElement>('[data-filter]');
        if (!filter) return;
        event.preventDefault();
        filter.focus();
        filter.select();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
