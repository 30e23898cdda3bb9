// Loaded into Electron's main process before the app. Playwright does the same where it starts an Electron of its own choice,
// and calls `__playwright_run` once it is attached. Without it a window may be between two documents at that moment, and
// Playwright waits for ever for a navigation that it did not see.
const { app } = require('electron');

const ready = app.whenReady();
const emit = app.emit.bind(app);
let readyWords = [];
app.emit = (event, ...words) => {
  if (event !== 'ready') return emit(event, ...words);
  readyWords = words;
  return app.listenerCount('ready') > 0;
};
let isReady = false;
const attached = Promise.withResolvers();
app.isReady = () => isReady;
app.whenReady = () => attached.promise;
globalThis.__playwright_run = async () => {
  await ready;
  isReady = true;
  attached.resolve();
  emit('ready', ...readyWords);
};
