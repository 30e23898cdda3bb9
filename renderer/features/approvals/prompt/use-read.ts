import { type RefObject, useEffect, useRef, useState } from 'react';

/** Rounding of scroll positions on scaled displays, px. */
const SLACK = 4;

/**
 * Whether everything in a scrolling box was in sight: it fits, or was scrolled to its end since `content` came.
 * @param place a box that shows something else starts at its top; with the same `place` it stays where it is
 */
export function useRead(
  content: string,
  place = content,
): { ref: RefObject<HTMLElement | null>; isRead: boolean } {
  const ref = useRef<HTMLElement>(null);
  const [readOf, setReadOf] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place starts at its top
  useEffect(() => {
    if (ref.current) ref.current.scrollTop = 0;
  }, [place]);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const look = (): void => {
      if (box.scrollTop + box.clientHeight >= box.scrollHeight - SLACK) setReadOf(content);
    };
    look();
    box.addEventListener('scroll', look);
    // A box that grows, or whose content becomes shorter, may come to show everything.
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(look);
    observer?.observe(box);
    for (const child of box.children) observer?.observe(child);
    return () => {
      box.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  }, [content]);
  return { ref, isRead: readOf === content };
}

/** One sight further; a little of the last one stays. */
export function scrollOn(box: HTMLElement | null): void {
  box?.scrollBy({ top: box.clientHeight - 36 });
}
