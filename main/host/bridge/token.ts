import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_VARIABLE, tokenPlace } from '../../../shared/base/token-place.ts';

/**
 * The token that the data folder holds for the client that started the bridge, as DRAWBRIDGE_CLIENT says. Undefined, after a
 * note for people, when there is none.
 */
export function bridgeToken(
  env: Readonly<Record<string, string | undefined>>,
  dataDir: string,
  note: (text: string) => void,
): string | undefined {
  const client = env[CLIENT_VARIABLE];
  if (!client) {
    note('DRAWBRIDGE_TOKEN is not set, so Drawbridge will refuse this client.');
    return undefined;
  }
  const place = tokenPlace(client);
  const file = place ? join(dataDir, ...place) : undefined;
  try {
    if (file && statSync(file).isFile()) return readFileSync(file, 'utf8').trim();
  } catch {
    // Whatever keeps it from being read, what to do is the same.
  }
  note(`there is no token of ${client} in ${dataDir}. Route it again: drawbridge connect ${client}`);
  return undefined;
}
