import { describe, expect, test, vi } from 'vitest';
import { approvalNotice } from '../../main/shell/notifications.ts';
import { menuText, notificationText, shortVisibleText, visibleText } from '../../main/shell/visible-text.ts';
import { approvalOf } from '../fakes/shell-state.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

describe('visible text', () => {
  test.each([
    ['plain Text, ümläut, 日本 🙂', 'plain Text, ümläut, 日本 🙂'],
    ['a\u0000b\tc\nd\u007f', 'aU+0000bU+0009cU+000AdU+007F'],
    ['\u202Eevil\u2066\u2069', 'U+202EevilU+2066U+2069'],
    ['zero\u200b\u200d\ufeffwidth', 'zeroU+200BU+200DU+FEFFwidth'],
    ['tag\u{E0061}', 'tagU+E0061'],
    ['variation\ufe0f\u{e0100}', 'variationU+FE0FU+E0100'],
    ['no\u00a0break\u3000', 'noU+00A0breakU+3000'],
    ['lone\ud800', 'loneU+D800'],
    ['line\u2028', 'lineU+2028'],
    ['soft\u00adhyphen', 'softU+00ADhyphen'],
    ['p\u0430ypal', 'p\u0430U+0430ypal'],
  ])('%j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });
  test('is cut only where asked, and says so', () => {
    expect(visibleText('x'.repeat(5000))).toHaveLength(5000);
    expect(shortVisibleText('abcdef', 6)).toBe('abcdef');
    expect(shortVisibleText('abcdefg', 6)).toBe('abcde…');
    expect([...shortVisibleText('🙂'.repeat(10), 4)]).toEqual(['🙂', '🙂', '🙂', '…']);
  });
  test('of a menu keeps its ampersands', () => {
    expect(menuText('Save & quit', 20)).toBe('Save && quit');
  });
});

describe('the notification of a prompt', () => {
  test('says who wants what where', () => {
    expect(approvalNotice(approvalOf())).toEqual({
      title: 'Cursor waits for you',
      body: 'It wants to call create_issue on github.',
    });
  });
  test('spells out what a desktop could take for markup or what would hide', () => {
    const words = approvalNotice(
      approvalOf({
        tool: '<a href="https://evil.example">ok</a>',
        server: 'a&amp;b\u202e',
        argumentsText: 'SECRET',
      }),
    );
    expect(words.body).not.toMatch(/[<>&\u202e]/);
    expect(words.body).toContain('U+003C');
    expect(JSON.stringify(words)).not.toContain('SECRET');
  });
  test('ap-toolname: names with tags, bidi and line breaks are plain words', () => {
    const name = '<b>safe</b>\u202egpj\nRisk: Low';
    const words = approvalNotice(approvalOf({ tool: name, toolTitle: name, server: name, clientName: name }));
    for (const text of [words.title, words.body]) {
      expect(text).not.toMatch(/[<>&\u202e\n]/);
      expect(text).toContain('U+003C b');
      expect(text).toContain('U+202Egpj');
    }
  });
  test('stays short', () => {
    expect(notificationText('<'.repeat(100_000), 60).length).toBeLessThanOrEqual(60);
  });
});
