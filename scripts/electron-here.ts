import { messageOf } from '../shared/base/message-of.ts';
import { electronExecutable, findElectron } from './electron-dist.ts';

/** Why there is no desktop to show a window on, or undefined where there is one. */
function noDisplay(): string | undefined {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined;
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/** The Electron that can show a window here, or why none can, as the end of a sentence. */
export async function electronHere(): Promise<{ executable: string } | { reason: string }> {
  const reason = noDisplay();
  if (reason) return { reason };
  try {
    const dist = await findElectron({ allowStandIn: false });
    if (dist) return { executable: electronExecutable(dist) };
    return { reason: 'Electron is not downloaded (npx install-electron does that)' };
  } catch (error) {
    return { reason: messageOf(error).replace(/\.$/, '') };
  }
}

/** Chromium's own sandbox cannot be used by root: the words that Electron needs then, which is said. */
export function sandboxWords(): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  console.log("Started as root: Chromium's own sandbox cannot be used, so --no-sandbox is added.");
  return ['--no-sandbox'];
}
