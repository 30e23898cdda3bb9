import { readFileSync, statSync } from 'node:fs';
import { mustBePlain, NotAFile, whyNotRead } from '../../core/base/plain-file.ts';

/** What a shell hands over by itself (`<(program)`, `/dev/stdin`): somebody writes to it. */
const HANDED_OVER = /^\/(?:dev\/(?:fd\/\d+|stdin)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/**
 * The text of a file that a person names on the command line. A named pipe or a device is not opened, since nobody may ever
 * write to it. Throws an Error whose message is a sentence with the path.
 */
export function readInput(path: string): string {
  try {
    if (!HANDED_OVER.test(path)) mustBePlain(statSync(path));
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof NotAFile ? error.message : whyNotRead(error);
    throw new Error(`${path} ${why}`, { cause: error });
  }
}
