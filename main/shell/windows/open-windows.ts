import { type BrowserWindow, nativeTheme, screen } from 'electron';
import type Store from 'electron-store';
import type { ShellPaths } from '../paths.ts';
import { fitHeight } from './approval-window.ts';
import { boundsOnScreen, type Preferences } from './preferences.ts';
import { createWindow, type WindowKind, type WindowLook } from './windows.ts';

export interface WindowsOptions {
  readonly paths: ShellPaths;
  readonly preferences: Store<Preferences>;
  readonly platform: NodeJS.Platform;
  /** Asked when the person closes the manager window: whether there is a way back to the app without it. */
  mayClose(): Promise<boolean>;
  /** It may not be closed and stays open: the person has to learn why. */
  kept(window: BrowserWindow): void;
  /** The manager window was closed and is gone. */
  closed(): void;
}

/** The two windows: at most one of each kind. */
export class Windows {
  readonly #o: WindowsOptions;
  readonly #open = new Map<WindowKind, BrowserWindow>();
  #ending = false;
  /** The page of the manager window when it was closed, as the fragment of its address. */
  #lastPage = '';

  constructor(options: WindowsOptions) {
    this.#o = options;
  }

  kindOf(contentsId: number): WindowKind | undefined {
    for (const [kind, window] of this.#open) if (window.webContents.id === contentsId) return kind;
    return undefined;
  }

  get(kind: WindowKind): BrowserWindow | undefined {
    return this.#open.get(kind);
  }

  /** Shows the manager window, in front, on a page of it: `#/activity`; without one, on the page it was closed on. */
  showManager(hash = ''): void {
    const open = this.#open.get('manager');
    if (!open) {
      const window = this.#create('manager', hash || this.#lastPage);
      window.once('ready-to-show', () => window.show());
      return;
    }
    // A change of the fragment alone does not load the page again.
    if (hash) void open.loadURL(open.webContents.getURL().replace(/#.*$/, '') + hash);
    if (open.isMinimized()) open.restore();
    open.show();
    open.focus();
  }

  /** The approval window, hidden when it is new. */
  approval(): BrowserWindow {
    return this.#open.get('approval') ?? this.#create('approval', '#/approval');
  }

  /** Closes all windows for good. */
  end(): void {
    this.#ending = true;
    for (const window of this.#open.values()) window.destroy();
    this.#open.clear();
  }

  #create(kind: WindowKind, hash: string): BrowserWindow {
    const { paths, preferences, platform } = this.#o;
    const bounds = boundsOnScreen(
      preferences.get('bounds'),
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const look: WindowLook = {
      preload: paths.preload,
      icon: paths.windowIcon,
      dark: nativeTheme.shouldUseDarkColors,
      platform,
      ...(bounds ? { bounds } : {}),
    };
    const window = createWindow(kind, look, hash);
    this.#open.set(kind, window);
    window.on('close', (event) => {
      if (this.#ending) return;
      if (kind === 'approval') {
        event.preventDefault();
        window.hide();
        return;
      }
      preferences.set('bounds', window.getNormalBounds());
      event.preventDefault();
      void this.#o.mayClose().then((may) => {
        if (window.isDestroyed()) return;
        if (may) {
          this.#lastPage = /#.*$/.exec(window.webContents.getURL())?.[0] ?? '';
          window.destroy();
        } else this.#o.kept(window);
      });
    });
    // The prompt's page asks for the height of its content; no page moves a window, or makes it wider.
    window.webContents.on('content-bounds-updated', (event, asked) => {
      event.preventDefault();
      if (kind === 'approval' && !window.isDestroyed()) fitHeight(window, asked.height);
    });
    window.on('closed', () => {
      this.#open.delete(kind);
      if (kind === 'manager' && !this.#ending) this.#o.closed();
    });
    return window;
  }
}
