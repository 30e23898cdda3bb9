import { join } from 'node:path';
import { tokenPlace } from '../../../../shared/base/token-place.ts';
import type { Files } from '../../ports.ts';
import { privateFolder, writeFileAtomic } from '../../settings/atomic-write.ts';

/** Writes a client's token where the bridge finds it, readable by this user only: its own file holds none then. */
export async function writeTokenFile(
  client: string,
  token: string,
  { dataDir, files }: { readonly dataDir: string; readonly files: Files },
): Promise<void> {
  const place = tokenPlace(client);
  if (!place) throw new Error(`${client} cannot be the name of a file.`);
  await privateFolder(files, join(dataDir, place[0]));
  await writeFileAtomic(files, join(dataDir, ...place), `${token}\n`);
}
