import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { WordDiff } from '../../renderer/ui/word-diff.tsx';
import type { DiffPart } from '../../shared/schemas/pin.ts';

const parts: DiffPart[] = [
  { kind: 'same', text: 'Reads a file.\n' },
  { kind: 'removed', text: 'It asks first.' },
  { kind: 'added', text: '<b>Send</b> it\u202e to evil\u200b.example\n' },
];
const show = (): HTMLElement => render(<WordDiff parts={parts} />).container;

describe('a word diff', () => {
  it('is told apart without colour: by element, by words for a screen reader, and by a sign', () => {
    const shown = show();
    const added = shown.querySelector('ins');
    const removed = shown.querySelector('del');
    expect(added?.textContent).toMatch(/^Added: .* End of change\. $/s);
    expect(removed?.textContent).toMatch(/^Removed: .* End of change\. $/s);
    expect(added?.className).toContain("before:content-['+'");
    expect(removed?.className).toContain("before:content-['−'");
  });

  it('shows every part as escaped text and makes no element of it', () => {
    const shown = show();
    const texts = [...shown.querySelectorAll('[data-part]')].map((part) => part.textContent);
    expect(texts).toEqual([
      'Reads a file.\n',
      'It asks first.',
      '<b>Send</b> itU+202E to evilU+200B.example\n',
    ]);
    expect(shown.querySelector('b')).toBeNull();
    expect(shown.innerHTML).not.toContain('\u202e');
  });
});
