import { connect, type Socket } from 'node:net';
import { type BusMessage, type BusValue, decodeMessage, encodeMessage } from './bus-codec.ts';

type Call = Pick<BusMessage, 'path' | 'interface' | 'member' | 'destination'> &
  Partial<Pick<BusMessage, 'signature' | 'body'>>;

/** A connection to a message bus. Calls from others go to `onCall`; what it gives is the reply. */
export class Bus {
  onCall: (message: BusMessage) => { signature: string; body: BusValue[] } | undefined = () => undefined;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve(body: BusValue[]): void; reject(error: Error): void }>();
  #serial = 0;
  #input = Buffer.alloc(0);
  #authorised: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  static async connect(path: string): Promise<Bus> {
    const bus = new Bus(connect({ path }));
    const ok = new Promise<void>((resolve) => {
      bus.#authorised = resolve;
    });
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    bus.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    await ok;
    bus.#socket.write('BEGIN\r\n');
    await bus.daemon('Hello');
    return bus;
  }

  call(call: Call): Promise<BusValue[]> {
    const serial = ++this.#serial;
    return new Promise((resolve, reject) => {
      this.#waiting.set(serial, { resolve, reject });
      this.#socket.write(encodeMessage({ type: 1, serial, signature: '', body: [], ...call }));
    });
  }

  /** A call to the bus itself. */
  daemon(member: string, signature = '', body: BusValue[] = []): Promise<BusValue[]> {
    const name = 'org.freedesktop.DBus';
    return this.call({
      destination: name,
      path: '/org/freedesktop/DBus',
      interface: name,
      member,
      signature,
      body,
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    if (this.#authorised) {
      const end = this.#input.indexOf('\r\n');
      if (end < 0) return;
      this.#input = this.#input.subarray(end + 2);
      this.#authorised();
      this.#authorised = undefined;
    }
    for (let found = decodeMessage(this.#input); found; found = decodeMessage(this.#input)) {
      this.#input = this.#input.subarray(found.length);
      this.#on(found.message);
    }
  }

  #on(message: BusMessage): void {
    if (message.type === 1) {
      const answer = this.onCall(message);
      const reply = {
        serial: ++this.#serial,
        replyTo: message.serial,
        destination: message.sender as string,
      };
      this.#socket.write(
        encodeMessage(
          answer
            ? { type: 2, ...reply, ...answer }
            : {
                type: 3,
                ...reply,
                errorName: 'org.freedesktop.DBus.Error.UnknownMethod',
                signature: '',
                body: [],
              },
        ),
      );
      return;
    }
    const waiting = message.replyTo === undefined ? undefined : this.#waiting.get(message.replyTo);
    if (!waiting) return;
    this.#waiting.delete(message.replyTo as number);
    if (message.type === 2) waiting.resolve(message.body);
    else waiting.reject(new Error(`${message.errorName}: ${String(message.body[0] ?? '')}`));
  }
}
