import '../../renderer/client/no-eval.ts';
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// jsdom lays nothing out: without sizes a virtual list shows no row, and there is no observer to tell of them.
for (const [name, size] of [
  ['offsetHeight', 600],
  ['clientHeight', 600],
  ['offsetWidth', 900],
  ['clientWidth', 900],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
HTMLElement.prototype.scrollTo = () => undefined;
HTMLElement.prototype.scrollBy = () => undefined;
HTMLElement.prototype.scrollIntoView = () => undefined;
HTMLElement.prototype.getAnimations ??= () => [];

// A failure names what was looked for; the whole document would bury it.
configure({
  getElementError: (message) => new Error(message ?? 'not found'),
  // Where much else runs, what comes in a moment may take long.
  asyncUtilTimeout: 60_000,
});

// A complaint of React on the console is a defect like any other.
const complaints: unknown[][] = [];
vi.spyOn(console, 'error').mockImplementation((...words) => complaints.push(words));
afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  window.location.hash = '';
  const said = complaints.splice(0);
  if (said.length > 0)
    throw new Error(`The console was used: ${said.map((words) => words.join(' ')).join('\n')}`);
});
