import { useEffect, useState } from 'react';
import { useStore } from '../../../client/hooks.ts';

/** How often the core is told that a person is on the prompt, ms; it then keeps the prompt for two minutes. */
export const ATTEND_MS = 30_000;

/** Whether the window has the focus and is in sight. */
function isHere(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/**
 * Tells the core that a person is on the window, so that the prompt is not given up meanwhile.
 * @returns whether that is so, and the core has confirmed it
 */
export function useAttended(id: string): boolean {
  const store = useStore();
  const [attended, setAttended] = useState<string | null>(null);
  useEffect(() => {
    let ended = false;
    const tell = (): void => {
      if (!isHere()) {
        setAttended(null);
        return;
      }
      store.call('approvals.attend', { id }).then(
        () => {
          if (!ended && isHere()) setAttended(id);
        },
        // Without the confirmation the countdown goes on, which is then true. The lost connection is said elsewhere.
        () => {
          if (!ended) setAttended(null);
        },
      );
    };
    tell();
    const timer = setInterval(tell, ATTEND_MS);
    const leave = (): void => setAttended(null);
    window.addEventListener('focus', tell);
    window.addEventListener('blur', leave);
    document.addEventListener('visibilitychange', tell);
    return () => {
      ended = true;
      clearInterval(timer);
      window.removeEventListener('focus', tell);
      window.removeEventListener('blur', leave);
      document.removeEventListener('visibilitychange', tell);
    };
  }, [store, id]);
  return attended === id;
}
