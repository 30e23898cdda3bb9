import type { ReactNode } from 'react';

/** One setting: what it is, and what changes it. */
export function Line({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center gap-4 border-line border-b py-2">
      <div className="min-w-0 grow">
        <p>{label}</p>
        {hint && <p className="break-words text-muted text-small">{hint}</p>}
      </div>
      {children}
    </div>
  );
}
