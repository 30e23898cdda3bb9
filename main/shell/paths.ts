import { join } from 'node:path';
import type { Machine } from '../core/ports.ts';

export interface ShellPaths {
  readonly preload: string;
  /** Folder of the built interface. */
  readonly renderer: string;
  readonly coreProcess: string;
  /** Tray icons by state, `-Template` for macOS; larger ones for dense screens are found beside them by name. */
  readonly trayIcons: string;
  readonly windowIcon: string;
  readonly bridge: Machine['bridge'];
}

/**
 * Where the parts of the app lie.
 * @param app folder of package.json, inside the archive when packaged
 * @param packaged folder of the resources beside the archive; undefined when run from the repository
 */
export function shellPaths(app: string, packaged: string | undefined, platform: NodeJS.Platform): ShellPaths {
  const node = platform === 'win32' ? 'node.exe' : 'node';
  return {
    preload: join(app, 'out', 'preload', 'bridge.cjs'),
    renderer: join(app, 'out', 'renderer'),
    coreProcess: join(app, 'out', 'main', 'core-process.js'),
    trayIcons: join(app, 'build', 'tray'),
    windowIcon: join(app, 'build', 'icons', '256x256.png'),
    // Clients start the bridge with a plain Node, which cannot read the app's archive.
    bridge: packaged
      ? {
          command: join(packaged, 'headless', 'bin', node),
          args: [join(packaged, 'headless', 'out', 'main', 'bridge.js')],
        }
      : {
          command: join(app, 'node_modules', 'node', 'bin', node),
          args: [join(app, 'out', 'main', 'bridge.js')],
        },
  };
}
