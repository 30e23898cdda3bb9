/**
 * A program that rewrites a file like Claude Code does: takes the lock, reads, counts up, writes a temporary file, renames it.
 * Says what it counted to, and ends, when its input ends.
 */
import { mkdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';

const [path = '', every = '1000'] = process.argv.slice(2);
const lock = `${path}.lock`;
let counted = 0;
let stop = false;
process.stdin.on('end', () => {
  stop = true;
});
process.stdin.resume();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
while (!stop) {
  try {
    mkdirSync(lock);
  } catch {
    const found = statSync(lock, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > 10_000) rmdirSync(lock);
    await sleep(5);
    continue;
  }
  const text = readFileSync(path, 'utf8');
  const found = /"numStartups": (\d+)/.exec(text);
  counted += 1;
  const next = `"numStartups": ${Number(found?.[1]) + 1}`;
  writeFileSync(`${path}.tmp.${process.pid}`, text.replace(found?.[0] ?? '', next));
  renameSync(`${path}.tmp.${process.pid}`, path);
  rmdirSync(lock);
  await sleep(Number(every));
}
process.stdout.write(String(counted));
