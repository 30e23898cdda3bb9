/** D-Bus values and messages (specification 0.43), little-endian: as much as a tray host needs. */
export type BusValue = number | boolean | string | BusValue[] | Variant | Buffer;
export interface Variant {
  readonly signature: string;
  readonly value: BusValue;
}
export interface BusMessage {
  readonly type: 1 | 2 | 3 | 4;
  readonly serial: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly destination?: string;
  readonly sender?: string;
  readonly replyTo?: number;
  readonly errorName?: string;
  readonly signature: string;
  readonly body: BusValue[];
}

/** The complete types of a signature: `a{sv}u` gives `a{sv}` and `u`. */
function split(signature: string): string[] {
  const types: string[] = [];
  let at = 0;
  const end = (from: number): number => {
    const c = signature[from];
    if (c === 'a') return end(from + 1);
    if (c !== '(' && c !== '{') return from + 1;
    let depth = 0;
    for (let i = from; ; i++) {
      if (signature[i] === '(' || signature[i] === '{') depth++;
      if ((signature[i] === ')' || signature[i] === '}') && --depth === 0) return i + 1;
    }
  };
  while (at < signature.length) {
    const next = end(at);
    types.push(signature.slice(at, next));
    at = next;
  }
  return types;
}

const alignmentOf = (type: string): number =>
  ({ y: 1, g: 1, v: 1, n: 2, q: 2, x: 8, t: 8, d: 8, '(': 8, '{': 8 })[type[0] as string] ?? 4;

class Writer {
  bytes = Buffer.alloc(0);
  align(to: number): void {
    this.raw(Buffer.alloc((to - (this.bytes.length % to)) % to));
  }
  raw(more: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, more]);
  }
  u32(value: number): void {
    this.align(4);
    const four = Buffer.alloc(4);
    four.writeUInt32LE(value >>> 0);
    this.raw(four);
  }
  all(signature: string, values: readonly BusValue[]): void {
    split(signature).forEach((type, at) => {
      this.one(type, values[at] as BusValue);
    });
  }
  one(type: string, value: BusValue): void {
    switch (type[0]) {
      case 'y':
        this.raw(Buffer.from([Number(value)]));
        break;
      case 'b':
      case 'u':
      case 'i':
        this.u32(Number(value));
        break;
      case 's':
      case 'o': {
        const text = Buffer.from(String(value));
        this.u32(text.length);
        this.raw(Buffer.concat([text, Buffer.alloc(1)]));
        break;
      }
      case 'g':
        this.raw(Buffer.from(`${String.fromCharCode(String(value).length)}${value}\0`, 'latin1'));
        break;
      case 'v': {
        const { signature, value: inner } = value as Variant;
        this.one('g', signature);
        this.one(signature, inner);
        break;
      }
      case '(':
      case '{':
        this.align(8);
        this.all(type.slice(1, -1), value as BusValue[]);
        break;
      case 'a': {
        const element = type.slice(1);
        this.u32(0);
        const lengthAt = this.bytes.length - 4;
        this.align(alignmentOf(element));
        const from = this.bytes.length;
        for (const item of value as BusValue[]) this.one(element, item);
        this.bytes.writeUInt32LE(this.bytes.length - from, lengthAt);
        break;
      }
      default:
        throw new Error(`No writer for the type ${type}`);
    }
  }
}

class Reader {
  at = 0;
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  align(to: number): void {
    this.at = Math.ceil(this.at / to) * to;
  }
  u32(): number {
    this.align(4);
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  all(signature: string): BusValue[] {
    return split(signature).map((type) => this.one(type));
  }
  one(type: string): BusValue {
    switch (type[0]) {
      case 'y':
        return this.bytes[this.at++] as number;
      case 'b':
        return this.u32() !== 0;
      case 'u':
        return this.u32();
      case 'i':
        return this.u32() | 0;
      // Of the wide numbers only such as a double holds are met: process ids and sizes.
      case 'x':
        this.align(8);
        this.at += 8;
        return Number(this.bytes.readBigInt64LE(this.at - 8));
      case 'd':
        this.align(8);
        this.at += 8;
        return this.bytes.readDoubleLE(this.at - 8);
      case 's':
      case 'o': {
        const length = this.u32();
        this.at += length + 1;
        return this.bytes.toString('utf8', this.at - length - 1, this.at - 1);
      }
      case 'g': {
        const length = this.bytes[this.at] as number;
        this.at += length + 2;
        return this.bytes.toString('latin1', this.at - length - 1, this.at - 1);
      }
      case 'v': {
        const signature = String(this.one('g'));
        return { signature, value: this.one(signature) };
      }
      case '(':
      case '{':
        this.align(8);
        return this.all(type.slice(1, -1));
      case 'a': {
        const element = type.slice(1);
        const length = this.u32();
        this.align(alignmentOf(element));
        const end = this.at + length;
        if (element === 'y') {
          this.at = end;
          return this.bytes.subarray(end - length, end);
        }
        const items: BusValue[] = [];
        while (this.at < end) items.push(this.one(element));
        return items;
      }
      default:
        throw new Error(`No reader for the type ${type}`);
    }
  }
}

export function encodeMessage(message: BusMessage): Buffer {
  const body = new Writer();
  body.all(message.signature, message.body);
  const fields: BusValue[] = [];
  const field = (code: number, signature: string, value: BusValue | undefined): void => {
    if (value !== undefined && value !== '') fields.push([code, { signature, value }]);
  };
  field(1, 'o', message.path);
  field(2, 's', message.interface);
  field(3, 's', message.member);
  field(4, 's', message.errorName);
  field(5, 'u', message.replyTo);
  field(6, 's', message.destination);
  field(8, 'g', message.signature);
  const head = new Writer();
  head.raw(Buffer.from(['l'.charCodeAt(0), message.type, 0, 1]));
  head.u32(body.bytes.length);
  head.u32(message.serial);
  head.one('a(yv)', fields);
  head.align(8);
  return Buffer.concat([head.bytes, body.bytes]);
}

/** The first message in `bytes` and how long it is, or undefined while it is not whole. */
export function decodeMessage(bytes: Buffer): { message: BusMessage; length: number } | undefined {
  if (bytes.length < 16) return undefined;
  const headLength = Math.ceil((16 + bytes.readUInt32LE(12)) / 8) * 8;
  const length = headLength + bytes.readUInt32LE(4);
  if (bytes.length < length) return undefined;
  const head = new Reader(bytes);
  head.at = 12;
  const fields = new Map(
    (head.one('a(yv)') as [number, Variant][]).map(([code, { value }]) => [code, value] as const),
  );
  const text = (code: number): string | undefined => fields.get(code) as string | undefined;
  const signature = text(8) ?? '';
  return {
    length,
    message: {
      type: bytes[1] as BusMessage['type'],
      serial: bytes.readUInt32LE(8),
      path: text(1),
      interface: text(2),
      member: text(3),
      errorName: text(4),
      replyTo: fields.get(5) as number | undefined,
      destination: text(6),
      sender: text(7),
      signature,
      body: new Reader(bytes.subarray(headLength, length)).all(signature),
    } as BusMessage,
  };
}
