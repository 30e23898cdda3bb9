import { RpcError } from '../../shared/rpc/frames.ts';
import type { Transport } from '../../shared/rpc/transport.ts';
import { en } from '../../shared/text/en.ts';

/** What the preload script exposes in an Electron window, and nothing else. */
export interface PreloadBridge {
  send(text: string): void;
  onMessage(receive: (text: string) => void): void;
}
declare global {
  interface Window {
    drawbridge?: PreloadBridge;
  }
}

/** Makes one connection. Rejects with {@link WrongToken} when trying again cannot help. */
export type Connect = () => Promise<Transport>;

/** The token of the address is missing, or not the one of the running core. */
export class WrongToken extends RpcError {
  constructor() {
    super('forbidden', en.app.link.wrongToken);
  }
}

const CLOSE_WRONG_TOKEN = 4401;
const TOKEN_KEY = 'drawbridge.token';

/** Chooses the carrier: the port behind the preload script in Electron, a WebSocket in a browser. */
export function createConnect(window: Window): Connect {
  if (window.drawbridge) return connectPreload(window.drawbridge);
  const token = takeToken(window);
  return () => connectWebSocket(`ws://${window.location.host}/control`, token);
}

/**
 * Reads `#token=…` from the address, keeps it for reloads of this tab only, and takes it out of the address bar and the
 * history, so that it is not in a screenshot or a bookmark.
 */
export function takeToken(window: Window): string | null {
  const given = /^#token=([^&/]+)/.exec(window.location.hash)?.[1];
  if (given) {
    window.sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(given));
    window.history.replaceState(null, '', `${window.location.pathname}#/`);
  }
  return window.sessionStorage.getItem(TOKEN_KEY);
}

/** The server answers the token with the text `ready`, or closes with 4401; frames flow after that. */
export function connectWebSocket(url: string, token: string | null): Promise<Transport> {
  if (!token) return Promise.reject(new WrongToken());
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const end = new Ending();
    let receive: ((text: string) => void) | undefined;
    const early: string[] = [];
    let isReady = false;
    socket.onopen = () => socket.send(token);
    socket.onmessage = ({ data }) => {
      const text = String(data);
      if (isReady) receive ? receive(text) : early.push(text);
      else if (text === 'ready') {
        isReady = true;
        resolve({
          send: (frame) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(frame);
          },
          onMessage(receiver) {
            receive = receiver;
            for (const waiting of early.splice(0)) receiver(waiting);
          },
          onClose: (closed) => end.tell(closed),
          close: () => socket.close(),
        });
      }
    };
    socket.onclose = ({ code }) => {
      if (!isReady)
        reject(
          code === CLOSE_WRONG_TOKEN ? new WrongToken() : new RpcError('disconnected', en.app.link.silent),
        );
      end.happen();
    };
  });
}

/**
 * The preload script says `ready` for each new port and `lost` when the core is gone. One receiver is set for good, and
 * each `ready` makes a new transport.
 */
export function connectPreload(bridge: PreloadBridge): Connect {
  let current: { receive?: (text: string) => void; early: string[]; end: Ending } | undefined;
  let isReady = false;
  let waiting: ((transport: Transport) => void) | undefined;

  const begin = (): Transport => {
    isReady = false;
    const mine: NonNullable<typeof current> = { early: [], end: new Ending() };
    current = mine;
    return {
      send: (text) => {
        if (current === mine) bridge.send(text);
      },
      onMessage(receiver) {
        mine.receive = receiver;
        for (const text of mine.early.splice(0)) receiver(text);
      },
      onClose: (closed) => mine.end.tell(closed),
      close() {
        if (current === mine) current = undefined;
        mine.end.happen();
      },
    };
  };
  bridge.onMessage((text) => {
    if (text === 'ready' || text === 'lost') {
      const before = current;
      current = undefined;
      isReady = text === 'ready';
      before?.end.happen();
      if (isReady && waiting) {
        const resolve = waiting;
        waiting = undefined;
        resolve(begin());
      }
    } else if (current?.receive) current.receive(text);
    else current?.early.push(text);
  });
  return () =>
    new Promise((resolve) => {
      if (isReady) resolve(begin());
      else waiting = resolve;
    });
}

/** Something that happens once; a listener that is added later is told at once. */
class Ending {
  #happened = false;
  #tell: (() => void)[] = [];
  tell(listener: () => void): void {
    if (this.#happened) listener();
    else this.#tell.push(listener);
  }
  happen(): void {
    if (this.#happened) return;
    this.#happened = true;
    for (const listener of this.#tell.splice(0)) listener();
  }
}
