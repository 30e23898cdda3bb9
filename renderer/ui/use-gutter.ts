import { type RefObject, useEffect, useState } from 'react';

/** The width of a box's scroll bar, px, so that what stands above it can keep its columns in line. */
export function useGutter(box: RefObject<HTMLElement | null>): number {
  const [gutter, setGutter] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => setGutter(element.offsetWidth - element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return gutter;
}
