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
 * Shows and hides the approval window. A new prompt shows it without taking the focus from what the person is doing;
 * closing it means "decide later" and it stays away until the next new prompt.
 */
export class ApprovalPopup {
  readonly #window: () => BrowserWindow;
  #known = new Set<string>();
  #takeBack = new Map<string, () => void>();

  /** @param window the approval window, made when it is not there */
  constructor(window: () => BrowserWindow) {
    this.#window = window;
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
      const window = this.#window();
      if (window.isVisible()) window.hide();
      return;
    }
    if (fresh.length === 0) return;
    this.#showInactive();
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
    const window = this.#window();
    if (!window.isVisible()) place(window);
    window.show();
    window.focus();
  }

  #showInactive(): void {
    const window = this.#window();
    // A window that is there stays where the person put it.
    if (window.isVisible()) return;
    place(window);
    window.showInactive();
    // Some window managers forget the level of a hidden window.
    window.setAlwaysOnTop(true, 'floating');
  }
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
