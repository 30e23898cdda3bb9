import { join } from 'node:path';
import { openHttp } from '../client/http.ts';
import { openStdio } from '../client/stdio.ts';
import { startUntil, stop } from '../process.ts';
import type { Target, TargetOptions } from './types.ts';

export const STDIO_SERVER = join(import.meta.dirname, '..', 'server', 'stdio.ts');
const HTTP_SERVER = join(import.meta.dirname, '..', 'server', 'http.ts');
const RELAY = join(import.meta.dirname, '..', 'server', 'relay.ts');

/** The command that starts the bench's stdio server. */
export function stdioServer({ tools }: TargetOptions): string[] {
  return [process.execPath, STDIO_SERVER, String(tools)];
}

export async function directStdio(options: TargetOptions): Promise<Target> {
  return {
    name: 'direct (stdio)',
    what: 'client → stdio server',
    pid: undefined,
    open: () => openStdio(stdioServer(options)),
    async stop() {},
  };
}

export async function directHttp(options: TargetOptions): Promise<Target & { readonly url: string }> {
  const { child, url } = await listen([process.execPath, HTTP_SERVER, String(options.tools)]);
  return {
    name: 'direct (http)',
    what: 'client → node:http server',
    pid: undefined,
    url,
    open: () => openHttp({ url }),
    stop: () => stop(child),
  };
}

/** The floor: HTTP to stdio with nothing else done. */
export async function bareRelay(options: TargetOptions): Promise<Target> {
  const { child, url } = await listen([process.execPath, RELAY, STDIO_SERVER, String(options.tools)]);
  return {
    name: 'bare relay',
    what: 'client → 60 lines of node:http → stdio server',
    pid: child.pid,
    open: () => openHttp({ url }),
    stop: () => stop(child),
  };
}

async function listen(command: string[]) {
  const { child, line } = await startUntil(command, process.env, (text) => /^\d+$/.test(text));
  return { child, url: `http://127.0.0.1:${line}/mcp` };
}
