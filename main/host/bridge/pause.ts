/** Waits; sooner when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const go = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', go);
      done();
    };
    const timer = setTimeout(go, ms);
    if (signal.aborted) go();
    else signal.addEventListener('abort', go);
  });
}
