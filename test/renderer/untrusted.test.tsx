import { render } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Untrusted } from '../../renderer/ui/untrusted.tsx';
import { piecesOf, visibleText } from '../../shared/text/untrusted.ts';

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}]|(?! )\p{Zs}/u;

describe('text from servers and agents', () => {
  it.each([
    ['bidi override', 'a\u202eb', 'aU+202Eb'],
    ['bidi isolates', '\u2066x\u2069', 'U+2066xU+2069'],
    ['zero width', 'safe\u200b\u200c\u200dcmd', 'safeU+200BU+200CU+200Dcmd'],
    ['tag characters', `ls\u{e0041}`, 'lsU+E0041'],
    ['terminal escape', '\u001b[2K', 'U+001B[2K'],
    ['carriage return', 'a\rb', 'aU+000Db'],
    ['no-break space', 'a\u00a0b', 'aU+00A0b'],
    ['byte order mark', '\ufeffa', 'U+FEFFa'],
    ['lone surrogate', 'a\ud800b', 'aU+D800b'],
    ['Hangul filler', 'a\u3164b', 'aU+3164b'],
    ['variation selector', 'a\ufe0f', 'aU+FE0F'],
    ['look-alike slash', 'github.com\u2215login', 'github.com\u2215U+2215login'],
    ['markup', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['plain text of any language', 'Größe 日本語 हिन्दी', 'Größe 日本語 हिन्दी'],
  ])('shows %s', (_name, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('keeps line breaks in blocks only', () => {
    expect(visibleText('a\nb', { multiline: true })).toBe('a\nb');
    expect(visibleText('a\nb')).toBe('aU+000Ab');
    expect(visibleText('a\tb', { multiline: true })).toBe('aU+0009b');
  });

  it('counts long runs of spaces but leaves indentation', () => {
    expect(visibleText(`ls${' '.repeat(5000)}; rm -rf ~`, { multiline: true })).toBe(
      'lsU+0020 × 5000; rm -rf ~',
    );
    const indented = `{\n${' '.repeat(40)}"a": 1\n}`;
    expect(visibleText(indented, { multiline: true })).toBe(indented);
    expect(visibleText(`{\n${' '.repeat(500)}"a": 1\n}`, { multiline: true })).toContain('U+0020 × 500');
  });

  it('leaves nothing hidden and drops nothing, whatever the text', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom(' '.repeat(20), '\n', '\u202e', '\u2215', '\u{e0041}'),
            fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
          ),
        }),
        (text) => {
          const shown = visibleText(text);
          expect(shown).not.toMatch(HIDDEN);
          // Read back, the pieces are the text: nothing was dropped, added or moved.
          const back = piecesOf(text, { multiline: false }).map(({ kind, text: piece }) => {
            if (kind === 'text') return piece;
            if (kind === 'mark') return '';
            const [, code = '', times = '1'] = /^U\+([0-9A-F]+)(?: × (\d+))?$/.exec(piece) ?? [];
            return String.fromCodePoint(Number.parseInt(code, 16)).repeat(Number(times));
          });
          expect(back.join('')).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('makes no element from data', () => {
    const text = '<b>x</b>\n[a](http://evil.example)\u202e';
    const { container } = render(<Untrusted block text={text} />);
    expect(container.textContent).toBe('<b>x</b>\n[a](http://evil.example)U+202E');
    expect(container.querySelectorAll('b, a, img')).toHaveLength(0);
    expect(container.querySelectorAll('.chip')).toHaveLength(1);
  });
});
