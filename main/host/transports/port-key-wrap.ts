import type { KeyWrap } from '../../core/ports.ts';
import type { KeyAnswer, KeyRequest } from './core-messages.ts';
import type { MainPort } from './port-transport.ts';

/** The operating system's key store, asked over a port: only the app's main process can reach it. */
export function portKeyWrap(port: MainPort): KeyWrap {
  const waiting = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: Error): void }>();
  let nextId = 1;
  let gone = false;
  port.on('message', ({ data }) => {
    const answer = data as KeyAnswer;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new Error(`The system's key store refused: ${answer.error}`));
    else asked?.resolve(answer.bytes);
  });
  port.on('close', () => {
    gone = true;
    for (const asked of waiting.values()) asked.reject(lost());
    waiting.clear();
  });
  port.start();
  const ask = (op: KeyRequest['op'], bytes: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(lost());
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      port.postMessage({ id, op, bytes } satisfies KeyRequest);
    });
  return { wrap: (key) => ask('wrap', key), unwrap: (wrapped) => ask('unwrap', wrapped) };
}

function lost(): Error {
  return new Error('The app that reaches the key store of this system is gone. Start Drawbridge again.');
}
