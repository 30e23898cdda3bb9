import { open } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** Unix permission bits, 0 where the archive holds none. */
  readonly mode: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

/**
 * Hands each file of a zip archive to `visit`, whose second argument reads its bytes; those not read cost nothing.
 * Stored and deflated files below 4 GB, as APPNOTE.TXT 4.3 describes them; anything else is an error.
 */
export async function readZip(
  path: string,
  visit: (entry: ZipEntry, read: () => Promise<Buffer>) => Promise<void>,
): Promise<void> {
  const file = await open(path);
  const slice = async (at: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead !== length) throw new Error(`${path} ends early`);
    return buffer;
  };
  try {
    const { size } = await file.stat();
    const tailLength = Math.min(size, 65_557);
    const tail = await slice(size - tailLength, tailLength);
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
    if (at < 0) throw new Error(`${path} is not a zip archive`);
    const count = tail.readUInt16LE(at + 10);
    const central = await slice(tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));

    let cursor = 0;
    for (let n = 0; n < count; n++) {
      if (central.readUInt32LE(cursor) !== CENTRAL) throw new Error(`${path}: broken entry ${n}`);
      const method = central.readUInt16LE(cursor + 10);
      const packed = central.readUInt32LE(cursor + 20);
      const nameLength = central.readUInt16LE(cursor + 28);
      const skip = central.readUInt16LE(cursor + 30) + central.readUInt16LE(cursor + 32);
      const mode = (central.readUInt32LE(cursor + 38) >>> 16) & 0o7777;
      const local = central.readUInt32LE(cursor + 42);
      const name = central.toString('utf8', cursor + 46, cursor + 46 + nameLength);
      cursor += 46 + nameLength + skip;
      await visit({ name, mode }, async () => {
        const head = await slice(local, 30);
        const data = await slice(local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), packed);
        if (method === 0) return data;
        if (method === 8) return inflateRawSync(data);
        throw new Error(`${path}: ${name} is packed by method ${method}, which is not supported`);
      });
    }
  } finally {
    await file.close();
  }
}
