import { createContext, type RefObject, useContext, useLayoutEffect } from 'react';

/** True in the prompt's own window, which may be made as large as what it shows. */
export const OwnWindow = createContext(false);

/**
 * Makes the prompt's own window as high as its content wants to be; the desktop app keeps it on the screen. Done once for
 * each content, before Allow is armed: a window that changes under the pointer would be pressed in the wrong place.
 */
export function useFit(content: string, box: RefObject<HTMLElement | null>): void {
  const isOwn = useContext(OwnWindow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each content
  useLayoutEffect(() => {
    const element = box.current;
    if (!isOwn || !element) return;
    const more = element.scrollHeight - element.clientHeight;
    const spare = element.clientHeight - (element.firstElementChild?.clientHeight ?? element.clientHeight);
    const change = more > 0 ? more : -Math.max(0, spare);
    if (Math.abs(change) > 8) window.resizeTo(window.outerWidth, window.outerHeight + change);
  }, [content, isOwn]);
}
