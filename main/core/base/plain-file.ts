import type { Stats } from 'node:fs';
import { messageOf } from '../../../shared/base/message-of.ts';
import { notAFile, whyUnreadable } from '../../../shared/text/core/system-errors.ts';
import type { Files } from '../ports.ts';

/** Something else than a file stands at a path. The message goes after the path: `is a named pipe …`. */
export class NotAFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotAFile';
  }
}

/**
 * Reads a whole file. What is none (a named pipe, a socket, a device, a folder; also behind a link) is not opened: that can
 * wait for ever. Throws {@link NotAFile} for those, else the system's error.
 */
export async function readPlainFile(path: string, files: Pick<Files, 'stat' | 'readFile'>): Promise<Buffer> {
  mustBePlain(await files.stat(path));
  return files.readFile(path);
}

/** @throws NotAFile */
export function mustBePlain(found: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw new NotAFile(notAFile.folder);
  if (found.isFIFO()) throw new NotAFile(notAFile.pipe);
  throw new NotAFile(found.isSocket() ? notAFile.socket : notAFile.device);
}

/** Why a file could not be read, to stand after its path; the system's own words where there are no better ones. */
export function whyNotRead(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return whyUnreadable(code) ?? messageOf(error);
}
