import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Below the ports that the system gives to those who ask for any, so that no connection takes it meanwhile. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port at random that nothing uses now, on any address. Linux only, like all who need it. */
export function freePort(): number {
  const used = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)].map(([, hex]) =>
        Number.parseInt(hex as string, 16),
      ),
    ),
  );
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!used.has(port)) return port;
  }
}

/**
 * Gives a data folder that has no settings yet a gateway port of its own. Left alone, a core takes the preferred port
 * where it is free, and keeps it: a test would then fail beside a Drawbridge that is started on it later.
 */
export function fixGatewayPort(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ version: 1, gatewayPort: freePort() })}\n`;
  writeFileSync(join(dataDir, 'settings.json'), text, { mode: 0o600, flag: 'wx' });
}
