import { createHash } from 'node:crypto';

/** Names that Windows keeps for devices, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/**
 * The file name of a server's policy, safe on every file system: `github` → `github.json`. A name that is not plain
 * (capitals, spaces, anything that folds together or escapes) is made plain and gets a piece of its hash:
 * `My Server` → `my_server~1f2e3d4c.json`.
 */
export function policyFileName(server: string): string {
  const plain = server
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '_')
    .replace(/^\./, '_')
    .slice(0, 80);
  if (plain === server && !RESERVED.test(server)) return `${server}.json`;
  const hash = createHash('sha256').update(server).digest('hex').slice(0, 8);
  return `${RESERVED.test(plain) ? `_${plain}` : plain}~${hash}.json`;
}
