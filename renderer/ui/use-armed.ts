import { useEffect, useState } from 'react';

/** How long a prompt must stand still, in sight, before Allow can be pressed, ms. */
export const ARM_MS = 600;

/**
 * False until `content` has been the same, in a visible window, for {@link ARM_MS}: a press meant for something else must
 * not allow a call that slid under the pointer.
 */
export function useArmed(content: string): boolean {
  const [armedFor, setArmedFor] = useState<string | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const start = (): void => {
      clearTimeout(timer);
      setArmedFor(null);
      if (document.visibilityState === 'visible') timer = setTimeout(() => setArmedFor(content), ARM_MS);
    };
    start();
    document.addEventListener('visibilitychange', start);
    // What stood under the pointer is elsewhere now.
    window.addEventListener('resize', start);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', start);
      window.removeEventListener('resize', start);
    };
  }, [content]);
  return armedFor === content;
}
