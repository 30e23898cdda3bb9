import { isAbsolute, resolve } from 'node:path';
import { isObject } from '../../../../shared/base/is-object.ts';
import { valueDigest } from '../../codec/index.ts';
import type { RpcMessage } from '../../codec/types.ts';
import type { Files } from '../../ports.ts';
import { configDigest } from '../../upstream/facts.ts';
import type { ResolvedServer } from '../../upstream/types.ts';

/**
 * Under what the answer to an initialize is kept: the configuration, the program files that it names, and what the answer may
 * depend on: the revision asked for and what the client can do. Undefined for a server that is not started as a command.
 */
export async function keyOf(
  config: ResolvedServer,
  initialize: RpcMessage,
  files: Pick<Files, 'stat'>,
): Promise<string | undefined> {
  if (config.kind !== 'stdio') return undefined;
  const { params } = initialize.value();
  const { protocolVersion, capabilities } = isObject(params) ? params : {};
  const named = [config.command, ...config.args].filter(
    (word) => config.cwd !== undefined || isAbsolute(word),
  );
  const stamps = await Promise.all(named.map((word) => stampOf(resolve(config.cwd ?? '/', word), files)));
  return valueDigest([configDigest(config), stamps, protocolVersion ?? null, capabilities ?? null]);
}

/** Changes with a file's content; null for a word that names no file. */
async function stampOf(path: string, files: Pick<Files, 'stat'>): Promise<string | null> {
  try {
    const { size, mtimeMs } = await files.stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return null;
  }
}
