import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { answer, CSP } from '../../main/shell/pages/protocol.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-protocol-'));
const root = join(folder, 'renderer');
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'index.html'), '<!doctype html>');
writeFileSync(join(root, 'assets', 'app.js'), 'void 0');
writeFileSync(join(root, 'notes.txt'), 'unknown kind');
writeFileSync(join(folder, 'secret.json'), '{}');
mkdirSync(join(folder, 'renderer-other'));
writeFileSync(join(folder, 'renderer-other', 'x.js'), 'x');
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET'): Promise<Response> => answer(root, { url, method });

test.each([
  ['drawbridge://app/', 'text/html; charset=utf-8'],
  ['drawbridge://app/index.html#/approval', 'text/html; charset=utf-8'],
  ['drawbridge://app/assets/app.js?x', 'text/javascript; charset=utf-8'],
])('serves %s with the policy', async (url, type) => {
  const response = await get(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('content-security-policy')).toBe(CSP);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});
test.each([
  ['drawbridge://app/../secret.json', 404],
  ['drawbridge://app/%2e%2e/secret.json', 404],
  ['drawbridge://app/..%2fsecret.json', 404],
  ['drawbridge://app/..%2frenderer-other%2fx.js', 404],
  ['drawbridge://app/%00index.html', 404],
  ['drawbridge://app/%', 400],
  ['drawbridge://app/assets', 404],
  ['drawbridge://app/assets.js', 404],
  ['drawbridge://app/notes.txt', 404],
  ['drawbridge://evil/index.html', 404],
])('refuses %s', async (url, status) => {
  expect((await get(url)).status).toBe(status);
});
test('only reads', async () => {
  expect((await get('drawbridge://app/index.html', 'POST')).status).toBe(405);
  expect(await (await get('drawbridge://app/index.html', 'HEAD')).text()).toBe('');
});
test('the policy lets nothing in from elsewhere and nothing inline', () => {
  const directives = new Map(
    CSP.split('; ').map((part) => {
      const [name, ...sources] = part.split(' ');
      return [name, sources] as const;
    }),
  );
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(
    [...directives.values()].flat().filter((source) => !["'none'", "'self'", 'data:'].includes(source)),
  ).toEqual([]);
  expect(directives.get('script-src')).toEqual(["'self'"]);
});
