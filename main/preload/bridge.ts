import { contextBridge, ipcRenderer } from 'electron';

/**
 * All that a page gets: text to the core and text from it. The port comes from the main process and stays here. It says
 * `ready` when a port is there, and `lost` when the core is gone; with the next port it says `ready` again.
 */
interface PagePort {
  postMessage(text: string): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  addEventListener(type: 'close', listener: () => void): void;
  close(): void;
}
let port: PagePort | undefined;
let hadPort = false;
let receive: ((text: string) => void) | undefined;
const incoming: string[] = [];
const outgoing: string[] = [];

const deliver = (text: string): void => {
  if (receive) receive(text);
  else incoming.push(text);
};

ipcRenderer.on('port', (event) => {
  const [next] = event.ports as unknown as PagePort[];
  if (!next) return;
  port?.close();
  port = next;
  hadPort = true;
  deliver('ready');
  next.onmessage = ({ data }): void => {
    if (port === next) deliver(String(data));
  };
  next.addEventListener('close', () => {
    if (port !== next) return;
    port = undefined;
    deliver('lost');
  });
  for (const text of outgoing.splice(0)) next.postMessage(text);
});
ipcRenderer.send('ready');

contextBridge.exposeInMainWorld('drawbridge', {
  /** What is sent before the first port waits for it; what is sent while the core is gone is dropped. */
  send(text: string): void {
    if (port) port.postMessage(String(text));
    else if (!hadPort) outgoing.push(String(text));
  },
  onMessage(receiver: (text: string) => void): void {
    receive = receiver;
    for (const text of incoming.splice(0)) receiver(text);
  },
});
