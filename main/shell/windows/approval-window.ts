import { type BrowserWindow, screen } from 'electron';
import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import { tray } from '../../../shared/text/tray.ts';
import { approvalNotice, notify } from '../notifications.ts';

/** Gap to the edge of the screen, in pixels. */
const MARGIN = 24;
/** At a time; the last of them stands for all further calls. */
const MOST_NOTIFICATIONS = 3;
/** Room for the sentence, some arguments and the answers, in pixels. */
const LEAST_HEIGHT = 360;

/**
 * How long the window is kept after the last call, in milliseconds: calls come in groups, and a kept page shows the next of
 * them ten times as fast. It costs about 85 MB, so it is not kept for the whole day.
 */
export const KEEP_MS = 120_000;

export interface PopupOptions {
  /** The approval window, or undefined while there is none. */
  open(): BrowserWindow | undefined;
  /** Makes it, hidden. */
  make(): BrowserWindow;
  /** Runs `fn` once after a time in milliseconds; returns how to call it off. */
  after(ms: number, fn: () => void): () => void;
}

/**
 * Shows and hides the approval window. A new prompt shows it without taking the focus from what the person is doing;
 * closing it means "decide later" and it stays away until the next new prompt. It is made for the first call, and
 * destroyed a while after the last one was decided.
 */
export class ApprovalPopup {
  readonly #o: PopupOptions;
  #known = new Set<string>();
  #takeBack = new Map<string, () => void>();
  /** What is done with a new window once its page has something to show; undefined: nothing. */
  #atFirstPaint: ((window: BrowserWindow) => void) | undefined;
  #painting = false;
  #keepLonger: () => void = () => {};

  constructor(options: PopupOptions) {
    this.#o = options;
  }

  update(approvals: readonly ApprovalView[]): void {
    const fresh = approvals.filter(({ id }) => !this.#known.has(id));
    this.#known = new Set(approvals.map(({ id }) => id));
    for (const [id, takeBack] of this.#takeBack) {
      if (this.#known.has(id)) continue;
      takeBack();
      this.#takeBack.delete(id);
    }
    if (approvals.length === 0) {
      this.#atFirstPaint = undefined;
      const window = this.#o.open();
      if (window?.isVisible()) window.hide();
      return;
    }
    if (fresh.length === 0) return;
    this.#present(showInactive);
    for (const approval of fresh) {
      // A burst of calls must not bury the desktop in notifications; the window and the tray count all of them.
      if (this.#takeBack.size >= MOST_NOTIFICATIONS) break;
      const isLast = this.#takeBack.size === MOST_NOTIFICATIONS - 1;
      const notice = isLast ? tray.notification.more : approvalNotice(approval);
      this.#takeBack.set(
        approval.id,
        notify(notice, () => this.show()),
      );
    }
  }

  /** Shown because the person asked for it, so it may take the focus. */
  show(): void {
    this.#present(showFocused);
  }

  #present(show: (window: BrowserWindow) => void): void {
    this.#keepLonger();
    const window = this.#o.open() ?? this.#make();
    if (!this.#painting) show(window);
    // What the person asked for is not undone by a call that comes meanwhile.
    else if (this.#atFirstPaint !== showFocused) this.#atFirstPaint = show;
  }

  #make(): BrowserWindow {
    const window = this.#o.make();
    this.#painting = true;
    this.#atFirstPaint = undefined;
    window.once('ready-to-show', () => {
      this.#painting = false;
      const show = this.#atFirstPaint;
      this.#atFirstPaint = undefined;
      if (show) show(window);
      else this.#restLater(window);
    });
    window.on('hide', () => this.#restLater(window));
    window.once('closed', () => {
      this.#painting = false;
      this.#keepLonger();
    });
    return window;
  }

  /** Destroys the window after a while, but not while a call waits: the person may have begun to write an answer. */
  #restLater(window: BrowserWindow): void {
    this.#keepLonger();
    this.#keepLonger = this.#o.after(KEEP_MS, () => {
      if (window.isDestroyed() || window.isVisible()) return;
      if (this.#known.size > 0) this.#restLater(window);
      else window.destroy();
    });
  }
}

function showInactive(window: BrowserWindow): void {
  // A window that is there stays where the person put it.
  if (window.isVisible()) return;
  place(window);
  window.showInactive();
  // Some window managers forget the level of a hidden window.
  window.setAlwaysOnTop(true, 'floating');
}

function showFocused(window: BrowserWindow): void {
  if (!window.isVisible()) place(window);
  window.show();
  window.focus();
}

/** Top right of the display with the pointer. */
function place(window: BrowserWindow): void {
  const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
  const { width, height } = window.getBounds();
  window.setBounds({
    x: Math.max(workArea.x, workArea.x + workArea.width - width - MARGIN),
    y: workArea.y + MARGIN,
    width: Math.min(width, workArea.width),
    height: Math.min(height, workArea.height - 2 * MARGIN),
  });
}

/** Makes the window as high as asked for, within its least height and what is left of the display below its top. */
export function fitHeight(window: BrowserWindow, asked: number): void {
  const bounds = window.getBounds();
  const { workArea } = screen.getDisplayMatching(bounds);
  const room = workArea.y + workArea.height - MARGIN - Math.max(bounds.y, workArea.y);
  const height = Math.round(Math.max(LEAST_HEIGHT, Math.min(asked, room)));
  if (height !== bounds.height) window.setBounds({ ...bounds, height });
}
