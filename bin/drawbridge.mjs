#!/usr/bin/env node
// Starts the built command line on the Node that the project pins, whatever Node found this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'out', 'main', 'cli.js');
const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (!existsSync(cli)) {
  process.stderr.write(`drawbridge: it is not built yet (${cli} is missing). Run: npm run build\n`);
  process.exit(1);
}
if (major > 22 || (major === 22 && minor >= 13)) {
  // The command line reads its words from argv as if it had been started itself.
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
} else {
  process.stderr.write(
    `drawbridge: needs Node 22.13 or later; this is ${process.versions.node}. Run npm ci, which brings its own.\n`,
  );
  process.exit(1);
}
