import { useSyncExternalStore } from 'react';
import { createListeners } from '../../shared/base/listeners.ts';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES = ['system', 'light', 'dark'] as const;
const KEY = 'drawbridge.theme';
const listeners = createListeners();

export function getTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Sets and keeps the theme; `system` follows the system by itself, in CSS. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
  listeners.tell();
}

export function applyTheme(): void {
  const theme = getTheme();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    const stop = listeners.add(listener);
    // Another window of the same app may have changed it.
    const onStorage = (): void => {
      applyTheme();
      listener();
    };
    window.addEventListener('storage', onStorage);
    return () => {
      stop();
      window.removeEventListener('storage', onStorage);
    };
  }, getTheme);
}
