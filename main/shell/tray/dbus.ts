import { connect } from 'node:net';

/**
 * One question to the session bus: does a program own this name? As much of the D-Bus specification (0.43: wire format,
 * SASL profile) as that needs. Rejects when the bus does not answer within `waitMs`.
 */
export function busNameHasOwner(address: string, name: string, waitMs = 1000): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const path = socketPath(address);
    if (!path) return reject(new Error(`The session bus address ${address} names no local socket.`));
    const socket = connect({ path });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(waitMs, () => fail(new Error('The session bus does not answer.')));
    socket.on('error', fail);
    socket.on('close', () => reject(new Error('The session bus closed the connection.')));
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    let input = Buffer.alloc(0);
    let authorised = false;
    socket.on('data', (chunk) => {
      input = Buffer.concat([input, chunk]);
      if (!authorised) {
        const end = input.indexOf('\r\n');
        if (end < 0) return;
        if (!input.toString('latin1', 0, end).startsWith('OK '))
          return fail(new Error('The bus refused us.'));
        input = input.subarray(end + 2);
        authorised = true;
        socket.write('BEGIN\r\n');
        socket.write(Buffer.concat([busCall(1, 'Hello'), busCall(2, 'NameHasOwner', name)]));
      }
      for (;;) {
        const message = nextMessage(input);
        if (!message) return;
        input = input.subarray(message.length);
        if (message.type === 3) return fail(new Error('The bus answered with an error.'));
        if (message.type !== 2 || message.body.length !== 4) continue;
        resolve(message.body.readUInt32LE(0) === 1);
        socket.destroy();
        return;
      }
    });
  });
}

function socketPath(address: string): string | undefined {
  for (const one of address.split(';')) {
    const [, kind, path] = /^unix:(?:[^,]*,)*?(path|abstract)=([^,]+)/.exec(one) ?? [];
    if (path) return kind === 'abstract' ? `\0${decodeURIComponent(path)}` : decodeURIComponent(path);
  }
  return undefined;
}

function busCall(serial: number, member: string, argument?: string): Buffer {
  const body = argument === undefined ? Buffer.alloc(0) : text(argument);
  const fields: Buffer[] = [
    field(1, 'o', text('/org/freedesktop/DBus')),
    field(2, 's', text('org.freedesktop.DBus')),
    field(3, 's', text(member)),
    field(6, 's', text('org.freedesktop.DBus')),
  ];
  if (argument !== undefined) fields.push(field(8, 'g', Buffer.from([1, 115, 0])));
  const padded = fields.map((one, at) => (at < fields.length - 1 ? pad8(one) : one));
  const array = Buffer.concat(padded);
  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head[1] = 1;
  head[3] = 1;
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(array.length, 12);
  return Buffer.concat([pad8(Buffer.concat([head, array])), body]);
}

function field(code: number, type: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
}
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes, Buffer.alloc(1)]);
}
function pad8(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

function nextMessage(input: Buffer): { type: number; body: Buffer; length: number } | undefined {
  if (input.length < 16) return undefined;
  const bodyLength = input.readUInt32LE(4);
  const headLength = Math.ceil((16 + input.readUInt32LE(12)) / 8) * 8;
  const length = headLength + bodyLength;
  if (input.length < length) return undefined;
  return { type: input[1] as number, body: input.subarray(headLength, length), length };
}
