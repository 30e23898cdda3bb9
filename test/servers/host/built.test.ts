import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forgetBuild, isBuilt, noteBuild } from '../../../scripts/built.ts';

function repository(): { root: string; write(file: string, text: string): void; remove(file: string): void } {
  const root = mkdtempSync(join(tmpdir(), 'drawbridge-built-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  for (const file of ['main/a.ts', 'main/deep/b.ts', 'renderer/c.tsx', 'shared/d.ts', 'package.json'])
    write(file, 'source');
  for (const file of ['out/main/a.js', 'out/renderer/index.html']) write(file, 'built');
  return { root, write, remove: (file) => rmSync(join(root, file)) };
}

const CHANGES: [string, (at: ReturnType<typeof repository>) => void][] = [
  ['a source is changed', ({ write }) => write('main/deep/b.ts', 'sourcE')],
  ['a source is added', ({ write }) => write('shared/new.ts', '')],
  ['a source is deleted', ({ remove }) => remove('renderer/c.tsx')],
  [
    'a source is renamed',
    ({ remove, write }) => {
      remove('main/a.ts');
      write('main/a2.ts', 'source');
    },
  ],
  ['a setting of the build is changed', ({ write }) => write('electron.vite.config.ts', 'x')],
  ['a built file is deleted', ({ remove }) => remove('out/main/a.js')],
  ['a built file is cut', ({ write }) => write('out/renderer/index.html', '')],
  ['a build was broken off', ({ root }) => forgetBuild(root)],
  ['the note of the build is damaged', ({ write }) => write('out/.built.json', '{')],
];

test.each(CHANGES)('is built again when %s', (_, change) => {
  const at = repository();
  expect(isBuilt(at.root)).toBe(false);
  noteBuild(at.root);
  expect(isBuilt(at.root)).toBe(true);
  change(at);
  expect(isBuilt(at.root)).toBe(false);
});

test('a file that was only touched, or a test that was changed, builds nothing', () => {
  const { root, write } = repository();
  noteBuild(root);
  utimesSync(join(root, 'main/a.ts'), new Date(), new Date());
  write('test/a.test.ts', 'x');
  expect(isBuilt(root)).toBe(true);
});
