import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { secrets as t } from '../../../shared/text/core/settings.ts';
import { NotAFile, readPlainFile } from '../base/plain-file.ts';
import { createQueue } from '../base/queue.ts';
import type { Files, KeyWrap } from '../ports.ts';
import { errorCode, privateFolder, removeLeftovers, writeFileAtomic } from './atomic-write.ts';
import type { SecretStore } from './types.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

const StoreFile = z.object({
  version: z.number(),
  key: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file') }),
    z.object({ kind: z.literal('os'), wrapped: z.base64() }),
  ]),
  values: z.record(z.string(), z.base64()),
});
type StoreFile = z.infer<typeof StoreFile>;

/**
 * Opens `<dir>/secrets.json` (0600): each value under AES-256-GCM with its name as additional data, so that one cannot be
 * put in another's place. With `keyWrap` the data key is kept wrapped by the operating system's key store, and a store
 * that had it in `<dir>/secret.key` is moved over; without, that file (0600) holds it.
 * Throws, touching nothing, when the store cannot be opened: broken, newer, its key lost, or held by a key store that
 * was not given.
 */
export async function createSecretStore(deps: {
  readonly files: Files;
  readonly dir: string;
  readonly randomBytes: (size: number) => Buffer;
  readonly keyWrap?: KeyWrap;
}): Promise<SecretStore> {
  const { files, dir, randomBytes, keyWrap } = deps;
  const path = join(dir, 'secrets.json');
  const keyPath = join(dir, 'secret.key');
  await privateFolder(files, dir);
  await removeLeftovers(files, path);
  await removeLeftovers(files, keyPath);

  const save = (file: StoreFile): Promise<void> =>
    writeFileAtomic(files, path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });

  let { store, key } = await open();
  type Change = (values: Record<string, string>) => void;
  const inTurn = createQueue();
  let together: { readonly changes: Change[]; readonly saved: Promise<void> } | undefined;
  /** The whole file is written for each change, so those that come while one is being written share the next. */
  const change = (edit: Change): Promise<void> => {
    if (!together) {
      const changes: Change[] = [];
      const saved = inTurn(async () => {
        together = undefined;
        const values = { ...store.values };
        for (const each of changes) each(values);
        const next = { ...store, values };
        await save(next);
        store = next;
      });
      together = { changes, saved };
    }
    together.changes.push(edit);
    return together.saved;
  };

  return {
    kind: store.key.kind,
    async get(name) {
      const sealed = Object.hasOwn(store.values, name) ? store.values[name] : undefined;
      return sealed === undefined ? undefined : unseal(name, sealed);
    },
    async set(name, value) {
      // As a member of a JSON object it would be lost silently.
      if (name === '__proto__') throw new Error(t.badName);
      const sealed = seal(name, value);
      await change((values) => {
        values[name] = sealed;
      });
    },
    delete: (name) =>
      change((values) => {
        delete values[name];
      }),
    names: async () => Object.keys(store.values),
  };

  async function open(): Promise<{ store: StoreFile; key: Buffer }> {
    const found = await readStore(files, path);
    if (found?.key.kind === 'os') {
      if (!keyWrap) throw new Error(t.locked(path));
      const opened = Buffer.from(await keyWrap.unwrap(Buffer.from(found.key.wrapped, 'base64')));
      checkKey(opened, t.keyStore);
      // Left when the process ended between the two steps of moving over.
      await files.rm(keyPath, { force: true });
      return { store: found, key: opened };
    }
    const values = found?.values ?? {};
    const dataKey = (await readKey()) ?? (await newKey(values));
    if (!keyWrap) {
      const plain: StoreFile = { version: VERSION, key: { kind: 'file' }, values };
      if (!found) await save(plain);
      return { store: plain, key: dataKey };
    }
    const wrapped = await keyWrap.wrap(dataKey);
    const back = await keyWrap.unwrap(wrapped);
    if (back.byteLength !== KEY_BYTES || !timingSafeEqual(back, dataKey))
      throw new Error(t.notGivenBack(dir));
    const moved: StoreFile = {
      version: VERSION,
      key: { kind: 'os', wrapped: Buffer.from(wrapped).toString('base64') },
      values,
    };
    await save(moved);
    await files.rm(keyPath, { force: true });
    return { store: moved, key: dataKey };
  }

  async function readKey(): Promise<Buffer | undefined> {
    try {
      const read = Buffer.from((await readPlainFile(keyPath, files)).toString('utf8').trim(), 'base64');
      checkKey(read, keyPath);
      return read;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function newKey(values: Record<string, string>): Promise<Buffer> {
    if (Object.keys(values).length > 0) throw new Error(t.keyMissing(path, keyPath));
    const made = randomBytes(KEY_BYTES);
    if (!keyWrap) await writeFileAtomic(files, keyPath, `${made.toString('base64')}\n`, { mode: 0o600 });
    return made;
  }

  function seal(name: string, value: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name, 'utf8'));
    const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
  }

  function unseal(name: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const end = bytes.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(name, 'utf8')).setAuthTag(bytes.subarray(end));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]).toString(
        'utf8',
      );
    } catch (cause) {
      throw new Error(t.damagedValue(name, path), { cause });
    }
  }
}

function checkKey(key: Buffer, where: string): void {
  if (key.length !== KEY_BYTES) throw new Error(t.keyDamaged(where, key.length, KEY_BYTES));
}

async function readStore(files: Files, path: string): Promise<StoreFile | undefined> {
  let text: string;
  try {
    text = (await readPlainFile(path, files)).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error instanceof NotAFile ? new Error(`${path} ${error.message}`) : error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(t.notJson(path), { cause });
  }
  if (typeof value === 'object' && value !== null && 'version' in value && Number(value.version) > VERSION)
    throw new Error(t.newer(path));
  const parsed = StoreFile.safeParse(value);
  if (!parsed.success) throw new Error(t.damaged(path, z.prettifyError(parsed.error)));
  return parsed.data;
}
