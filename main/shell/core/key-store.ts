import { type MessagePortMain, safeStorage } from 'electron';
import { messageOf } from '../../../shared/base/message-of.ts';
import type { KeyAnswer, KeyRequest } from '../../host/transports/core-messages.ts';

/**
 * Whether the system's key store really protects anything. Linux without a keyring has the backend `basic_text`, which
 * encrypts with a password known to everybody: then the core keeps its key in a file only this user can read, and says so.
 */
export function hasKeyStore(platform: NodeJS.Platform): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  if (platform !== 'linux') return true;
  const backend = safeStorage.getSelectedStorageBackend();
  return backend !== 'basic_text' && backend !== 'unknown';
}

/** Answers the core's requests to wrap and unwrap its data key. */
export function serveKeyStore(port: MessagePortMain): void {
  port.on('message', ({ data }) => port.postMessage(answerKey(data as KeyRequest)));
  port.start();
}

export function answerKey({ id, op, bytes }: KeyRequest): KeyAnswer {
  try {
    if (op === 'wrap') return { id, bytes: safeStorage.encryptString(Buffer.from(bytes).toString('base64')) };
    return { id, bytes: Buffer.from(safeStorage.decryptString(Buffer.from(bytes)), 'base64') };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}
