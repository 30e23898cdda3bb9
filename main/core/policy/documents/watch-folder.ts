import { watch } from 'node:fs';

/** Tells about changes in a folder with node:fs. @param failed hears why it cannot; nothing is told then */
export function watchFolder(dir: string, changed: () => void, failed: (error: unknown) => void): () => void {
  try {
    const watcher = watch(dir, { persistent: false }, changed);
    watcher.on('error', failed);
    return () => watcher.close();
  } catch (error) {
    failed(error);
    return () => {};
  }
}
