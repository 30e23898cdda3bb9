/** Gathers what runs outside the app's archive in dist/headless/, from where electron-builder takes it along. */
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Arch } from 'electron-builder';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const OS: Record<string, string> = { darwin: 'mac', win32: 'win', linux: 'linux' };

/** What electron-builder hands over: the target system. */
interface Target {
  readonly electronPlatformName: string;
  readonly arch: Arch;
}

export async function beforePack(target: Target): Promise<void> {
  const platform = target.electronPlatformName;
  const arch = Arch[target.arch] as string;
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const folder = join(root, 'dist', 'headless', `${OS[platform]}-${arch}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'bin'), { recursive: true });
  const node = join(folder, 'bin', name);
  const own = platform === process.platform && arch === process.arch;
  if (own) await copyFile(join(root, 'node_modules', 'node', 'bin', name), node);
  else await fetchNode(platform, arch, node);
  await chmod(node, 0o755);
  for (const part of [
    'package.json',
    'out/main/cli.js',
    'out/main/bridge.js',
    'out/main/chunks',
    'out/renderer',
  ])
    await cp(join(root, part), join(folder, part), { recursive: true });
}

/** The same version as this repository's Node, for another system, from the package that holds it. */
async function fetchNode(platform: string, arch: string, target: string): Promise<void> {
  const { version } = JSON.parse(
    await readFile(join(root, 'node_modules', 'node', 'package.json'), 'utf8'),
  ) as {
    version: string;
  };
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const system = platform === 'win32' ? 'win' : platform;
  const work = await mkdtemp(join(tmpdir(), 'drawbridge-node-'));
  try {
    await run('npm', [
      'pack',
      `${prefix}-${system}-${arch}@${version}`,
      '--pack-destination',
      work,
      '--silent',
    ]);
    const tarball = (await readdir(work)).find((file) => file.endsWith('.tgz'));
    if (!tarball) throw new Error(`npm pack left no tarball of Node ${version} for ${platform}-${arch}`);
    await run('tar', ['-xzf', join(work, tarball), '-C', work]);
    await copyFile(join(work, 'package', 'bin', platform === 'win32' ? 'node.exe' : 'node'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
