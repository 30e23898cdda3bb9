import type { ClientView } from '../../../shared/schemas/client.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Clients } from '../clients/index.ts';

/** What the last look at the clients' files found. */
export interface ClientScan {
  /** Empty before the first look. */
  readonly views: readonly ClientView[];
  /** Looks at the files again, after the look under way; rejects when it fails. Does nothing once the core stops. */
  again(): Promise<void>;
  /** Resolves when no look is under way: the core waits for it before it closes what a look reads. */
  settled(): Promise<void>;
}

/** @param deps `found` is called after each look */
export function createClientScan(deps: {
  readonly clients: Pick<Clients, 'scan' | 'keepUp'>;
  readonly audit: Pick<AuditLog, 'note'>;
  readonly life: { readonly listening: boolean; readonly stopping: boolean };
  readonly found: () => void;
}): ClientScan {
  const { clients, audit, life, found } = deps;
  let views: readonly ClientView[] = [];
  let underWay: Promise<void> = Promise.resolve();

  /** Entries that a client dropped by itself, or that lead to an old place of this program, are corrected and noted. */
  const keepUp = async (): Promise<void> => {
    const kept = await clients.keepUp();
    for (const { client, ok, message, routed } of kept)
      audit.note('client-kept-up', { client, ok, message, routed });
    if (kept.length > 0 && !life.stopping) views = await clients.scan();
  };
  const look = async (): Promise<void> => {
    if (life.stopping) return;
    views = await clients.scan();
    // A core that does not listen changes no file by itself.
    if (life.listening && !life.stopping) await keepUp();
    found();
  };

  return {
    get views() {
      return views;
    },
    again() {
      const scan = underWay.then(look);
      // A scan that fails rejects for its caller; the next one runs in any case.
      underWay = scan.catch(() => undefined);
      return scan;
    },
    settled: () => underWay,
  };
}
