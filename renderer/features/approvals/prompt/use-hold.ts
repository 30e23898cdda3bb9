import { useCallback, useEffect, useRef, useState } from 'react';

/** How long a Critical call's Allow must be held, ms. */
export const HOLD_MS = 1000;

export interface Hold {
  readonly holding: boolean;
  start(): void;
  stop(): void;
}

/** Runs `done` when a press lasts {@link HOLD_MS}. Letting go, leaving the window or a change of `content` ends it. */
export function useHold(content: string, done: () => void): Hold {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(done);
  latest.current = done;
  const stop = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHolding(false);
  }, []);
  const start = useCallback(() => {
    if (timer.current !== undefined) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      stop();
      latest.current();
    }, HOLD_MS);
  }, [stop]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a press is for the content it began on
  useEffect(() => stop, [content, stop]);
  useEffect(() => {
    window.addEventListener('blur', stop);
    return () => window.removeEventListener('blur', stop);
  }, [stop]);
  return { holding, start, stop };
}
