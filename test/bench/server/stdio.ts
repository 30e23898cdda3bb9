/** The bench's server over stdio: `node stdio.ts [tools]`. With as little as possible between pipe and answer. */
import { behaviour } from './behave.ts';

const behave = behaviour(Number(process.argv[2] ?? 1));
let parts: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => {
  let start = 0;
  let out = '';
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
    const piece = chunk.subarray(start, end);
    const line = parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
    parts = [];
    start = end + 1;
    const answer = behave(line.toString('utf8'));
    if (answer !== undefined) out += `${answer}\n`;
  }
  if (start < chunk.length) parts.push(chunk.subarray(start));
  if (out !== '') process.stdout.write(out);
});
process.stdin.on('end', () => process.exit(0));
