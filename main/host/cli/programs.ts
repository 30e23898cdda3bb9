import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../../core/ports.ts';

/** The built programs stand in one folder; chunks of them in another below it. */
export function outMainDir(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith('chunks') ? dirname(here) : here;
}

/** What a stdio-only client has to start: the Node that runs now, and the bridge beside this program. */
export function bridgeProgram(): Machine['bridge'] {
  const out = outMainDir();
  // Run from its sources, this file lies one folder deeper than the program.
  const script = basename(out) === 'cli' ? join(out, '..', 'bridge.ts') : join(out, 'bridge.js');
  return { command: process.execPath, args: [script] };
}
