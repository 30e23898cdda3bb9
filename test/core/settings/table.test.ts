import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSettings, SettingsSchema } from '../../../main/core/settings/index.ts';
import { settingsPage } from '../../../main/core/settings/page.ts';
import { settingChange, settingView, settingViews } from '../../../main/core/settings/table.ts';

test('docs/settings.md is what the schema says (node scripts/settings-page.ts writes it)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/settings.md'), 'utf8')).toBe(settingsPage());
});

test('every member of the schema has a line, but what the program keeps for itself', () => {
  const keys = new Set(settingViews(defaultSettings).map(({ key }) => key.split('.')[0]));
  const members = Object.keys(SettingsSchema.shape).filter((key) => !['version', 'renaming'].includes(key));
  expect([...keys].sort()).toEqual(members.sort());
});

test.each([
  ['uiPort', '8080', { uiPort: 8080 }],
  ['uiPort', 'any', { uiPort: null }],
  ['gatewayPort', ' 7 ', { gatewayPort: 7 }],
  ['maxMessageBytes', '2048', { maxMessageBytes: 2048 }],
  [
    'allowedOrigins',
    'https://a.example, http://localhost:3000,https://a.example',
    { allowedOrigins: ['https://a.example', 'http://localhost:3000'] },
  ],
  ['allowedOrigins', '', { allowedOrigins: [] }],
  ['extraCaFile', ' /etc/company/ca.pem ', { extraCaFile: '/etc/company/ca.pem' }],
  ['loopGuard', 'off', { loopGuard: null }],
  ['loopGuard', '5', { loopGuard: { max: 5 } }],
  ['retention.days', '3660', { retention: { days: 3660, megabytes: 200 } }],
  ['retention.megabytes', '1', { retention: { days: 30, megabytes: 1 } }],
])('%s takes %s, and shows it as it would be written', (key, text, expected) => {
  const doc = settingChange(key, text)(defaultSettings);
  expect(doc).toEqual({ ...defaultSettings, ...expected });
  expect(SettingsSchema.safeParse(doc).success).toBe(true);
  const { value } = settingView(key as 'uiPort', doc);
  expect(settingChange(key, value)(defaultSettings)).toEqual(doc);
});

test.each([
  ['uiPort', '0', 'from 1 to 65535, or any'],
  ['uiPort', 'off', 'from 1 to 65535, or any'],
  ['gatewayPort', 'any', 'from 1 to 65535.'],
  ['maxMessageBytes', '1e9', 'from 1024 to 1073741824'],
  ['loopGuard', '-1', 'or off'],
  ['extraCaFile', 'ca.pem', 'the whole path of a file, or none'],
  ['extraCaFile', '', 'the whole path of a file, or none'],
  ['retention.days', '1.5', 'from 1 to 3660'],
  ['retention.days', '', 'from 1 to 3660'],
  ['allowedOrigins', 'example.com', 'example.com is not an origin'],
  ['allowedOrigins', 'https://a.example/path', 'is not an origin'],
])('%s refuses %j with what it takes', (key, text, message) => {
  expect(() => settingChange(key, text)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => settingChange(key, text)).toThrow(message);
});

test('a key that is not there names those there are; one of another command names the command', () => {
  expect(() => settingChange('constructor', '1')).toThrow(
    expect.objectContaining({ code: 'not_found', fix: expect.stringContaining('retention.days') }),
  );
  expect(() => settingChange('mode', 'observe')).toThrow(
    expect.objectContaining({ code: 'refused', fix: 'Use: drawbridge mode' }),
  );
});
