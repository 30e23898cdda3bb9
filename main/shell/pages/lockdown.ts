import type { Session, WebContents } from 'electron';
import { openExternal } from './external.ts';
import { isOwnUrl, ORIGIN } from './origin.ts';

/** Refuses every permission and device, and every download but an export that the interface made itself. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${ORIGIN}/`)) event.preventDefault();
  });
}

/** Keeps a page where it is: it cannot navigate away, open windows, or hold frames and webviews. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    // Leaving the app by a plain link is treated as a wish to open the browser.
    event.preventDefault();
    void openExternal(event.url);
  });
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url);
    return { action: 'deny' };
  });
}
