import { type RefObject, useEffect, useRef } from 'react';

/** Ctrl or ⌘ S saves wherever the focus is, Ctrl or ⌘ Enter simulates from within; neither from behind a dialog. */
export function useWorkbenchKeys(
  container: RefObject<HTMLElement | null>,
  actions: { save(): void; simulate(): void },
): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const isSave = event.key.toLowerCase() === 's';
      if (!isSave && event.key !== 'Enter') return;
      if (!isSave && !container.current?.contains(event.target as Node)) return;
      // Also behind a dialog: the browser's own "save page" is never what was meant.
      event.preventDefault();
      // A dialog keeps the focus within; a toast, which has the same role, does not.
      const { target } = event;
      if (target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"]')) return;
      if (isSave) latest.current.save();
      else latest.current.simulate();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [container]);
}
