import type { ClientEntry, ClientPlan } from '../../../shared/schemas/client.ts';
import { leftOut } from '../../../shared/text/left-out.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

/** Which servers of a client are not routed, each with the reason; those with one reason together. */
export function LeftOut({ plan, entries }: { plan: ClientPlan; entries: readonly ClientEntry[] }) {
  const lines = leftOut(plan, entries);
  if (lines.length === 0) return null;
  return (
    <ul className="text-muted">
      {lines.map((line) => (
        <li key={line}>
          <Untrusted text={line} />
        </li>
      ))}
    </ul>
  );
}
