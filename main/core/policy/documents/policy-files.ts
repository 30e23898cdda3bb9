import { join } from 'node:path';
import { NotAFile, readPlainFile } from '../../base/plain-file.ts';
import type { Files, Log } from '../../ports.ts';
import { errorCode, writeFileAtomic } from '../../settings/atomic-write.ts';

/** Beside each policy file: its last good version, which outlives a restart. */
const GOOD = '.good';

/** The files of `<data>/policies`, by their names: read, written, and each with a copy of its last good version. */
export class PolicyFiles {
  readonly #files: Files;
  readonly #dir: string;
  readonly #log: Log;

  constructor(parts: { readonly files: Files; readonly dir: string; readonly log: Log }) {
    this.#files = parts.files;
    this.#dir = parts.dir;
    this.#log = parts.log;
  }

  /** Makes the folder if it is not there. */
  async prepare(): Promise<void> {
    await this.#files.mkdir(this.#dir, { recursive: true, mode: 0o700 });
  }

  async names(): Promise<string[]> {
    return (await this.#files.readdir(this.#dir)).filter((name) => name.endsWith('.json'));
  }

  /** The text without a byte order mark; undefined when there is no such file. */
  async read(file: string): Promise<string | undefined> {
    try {
      return (await readPlainFile(join(this.#dir, file), this.#files))
        .toString('utf8')
        .replace(/^\uFEFF/, '');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      if (error instanceof NotAFile) throw new Error(`${join(this.#dir, file)} ${error.message}`);
      throw error;
    }
  }

  /** Size, times and inode: another stamp means that the file must be read again. */
  async stamp(file: string): Promise<string> {
    const stat = await this.#files.stat(join(this.#dir, file));
    return `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}`;
  }

  /** Writes atomically. A file that is a symbolic link (to a folder under version control, say) stays one. */
  async write(file: string, text: string): Promise<void> {
    await writeFileAtomic(this.#files, await this.#linkTarget(join(this.#dir, file)), text);
  }

  lastGood(file: string): Promise<string | undefined> {
    return this.read(file + GOOD);
  }

  /** Keeps this text as the last good version. Failing to is logged: the policy is in force all the same. */
  async keepGood(file: string, text: string): Promise<void> {
    try {
      if ((await this.lastGood(file)) !== text)
        await writeFileAtomic(this.#files, join(this.#dir, file + GOOD), text);
    } catch (error) {
      this.#log('warn', `${file}: no copy of the last good policy could be kept`, error);
    }
  }

  async dropGood(file: string): Promise<void> {
    await this.#files.rm(join(this.#dir, file + GOOD), { force: true });
  }

  async #linkTarget(path: string): Promise<string> {
    try {
      return await this.#files.realpath(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return path;
      throw error;
    }
  }
}
