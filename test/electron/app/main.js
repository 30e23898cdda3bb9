// The product as an app that is ready only once the test is attached: Playwright then calls `__playwright_run`, as it does with
// an Electron of its own choice. A window that is made before may be between two documents when Playwright attaches, which then
// waits for ever for a navigation that it did not see.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const ready = app.whenReady();
const emit = app.emit.bind(app);
let readyWords = [];
app.emit = (event, ...words) => {
  if (event !== 'ready') return emit(event, ...words);
  readyWords = words;
  return app.listenerCount('ready') > 0;
};
let isReady = false;
let attached;
const isAttached = new Promise((resolve) => {
  attached = resolve;
});
app.isReady = () => isReady;
app.whenReady = () => isAttached;
globalThis.__playwright_run = async () => {
  await ready;
  isReady = true;
  attached();
  emit('ready', ...readyWords);
};

const root = join(import.meta.dirname, '..', '..', '..');
app.setAppPath(root);
await import(pathToFileURL(join(root, 'out', 'main', 'index.js')).href);
