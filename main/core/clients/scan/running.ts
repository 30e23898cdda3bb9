import { planText } from '../../../../shared/text/core/clients.ts';
import type { Ports } from '../../ports.ts';
import type { ClientRow, System } from '../table/index.ts';

/** Whether a program of the client runs now; null where that cannot be known. */
export async function isRunning(
  row: ClientRow,
  { processes, machine }: Pick<Ports, 'processes' | 'machine'>,
): Promise<boolean | null> {
  const { platform } = machine;
  const system: System = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const names = row.processes[system];
  if (names.length === 0) return null;
  const running = await processes();
  return running && names.some((name) => running.has(name));
}

/**
 * A client that writes its settings over ours while it runs, and does run: what to tell the person. Null when its file can be
 * written, also where it cannot be known whether it runs.
 */
export async function mustQuitFirst(
  row: ClientRow,
  ports: Pick<Ports, 'processes' | 'machine'>,
): Promise<string | null> {
  if (!row.dropsServers || (await isRunning(row, ports)) !== true) return null;
  return planText.quitFirst(row.name);
}
