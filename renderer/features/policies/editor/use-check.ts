import { useEffect, useState } from 'react';
import { useStore } from '../../../client/hooks.ts';
import type { Output } from '../../../client/store.ts';
import { tellError } from '../../../ui/toast.tsx';

/** How long typing must rest before the text is checked, ms. */
const REST_MS = 250;

/** The core's opinion of a text, after typing has rested. Undefined while it is on its way, and for null. */
export function useCheck(text: string | null): Output<'policy.check'> | undefined {
  const store = useStore();
  const [result, setResult] = useState<{ text: string; check: Output<'policy.check'> }>();
  useEffect(() => {
    if (text === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      store
        .call('policy.check', { text }, abort.signal)
        .then((check) => setResult({ text, check }), tellError);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, store]);
  return text !== null && result?.text === text ? result.check : undefined;
}
