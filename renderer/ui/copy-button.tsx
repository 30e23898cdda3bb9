import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { useAction } from './toast.tsx';

/** Puts a text on the clipboard; a tick says for a moment that it is there. */
export function CopyButton({ label, text, done }: { label: string; text: string; done: string }) {
  const act = useAction();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    const ok = await act(async () => {
      await navigator.clipboard.writeText(text);
      return true;
    }, done);
    if (ok) setCopied(true);
  };
  return <IconButton icon={copied ? Check : Copy} label={label} onClick={() => void copy()} />;
}
