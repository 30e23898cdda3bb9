import type { KeyboardEvent } from 'react';

/** The keys of a prompt: Esc decides later, Ctrl or ⌘ Backspace denies, Ctrl or ⌘ Enter allows. */
export function answerKeys(
  event: KeyboardEvent,
  answers: { later(): void; deny(): void; allow(): void },
): void {
  if (event.key === 'Escape' && !event.defaultPrevented) {
    event.preventDefault();
    answers.later();
  } else if (event.ctrlKey || event.metaKey) {
    if (event.key === 'Backspace' && !isText(event.target)) {
      event.preventDefault();
      answers.deny();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (!event.repeat) answers.allow();
    }
  }
}

function isText(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}
