import { expect, test } from 'vitest';
import { ASKED, TOOLS } from '../../fuzz/frames.ts';
import { type Judged, pipeDiffers } from '../../fuzz/judge.ts';
import { frameOf } from '../../fuzz/run.ts';
import { say, startWire } from './wire-kit.ts';

/**
 * The differential fuzzing (test/core/codec/differential.test.ts) with nothing in between left out: frames over HTTP, a
 * real child process, and the bytes that this child read from its standard input.
 */
const cases = process.env.DRAWBRIDGE_NIGHTLY === '1' ? 10_000 : 600;
const seed = Number(process.env.DRAWBRIDGE_FUZZ_SEED ?? 20_261_122);

test(`${cases} frames to a real child, seed ${seed}`, async () => {
  const tools = TOOLS.map((name) => ({ name, inputSchema: { type: 'object' } }));
  const wire = await startWire('stdio', { tools: JSON.stringify(tools), hide: ['secret_tool'] });
  wire.parts.rules.set('delete_repository', { decision: 'deny' });
  // The list is read once before, so that the child gets nothing but the frames.
  await wire.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  await wire.read(1);
  const asked = ASKED.map((id) => `{"jsonrpc":"2.0","id":${id},"method":"roots/list"}`);
  let read = 0;
  try {
    for (let at = 0; at < cases; at++) {
      const frame = frameOf(seed, at);
      const { judged } = wire.parts;
      if (ASKED.some((id) => frame.includes(id))) {
        await wire.post(
          `{"jsonrpc":"2.0","id":2,"method":"vendor/x","params":{"_meta":{${say(...asked, '{"jsonrpc":"2.0","id":2,"result":{}}')}}}}`,
        );
        await wire.read(1);
      }
      judged.length = 0;
      await wire.post(frame);
      // A ping goes the same way, so all that went before it was read when it is.
      await wire.post('{"jsonrpc":"2.0","id":"last","method":"ping"}');
      const lines = await wire.readTo('{"jsonrpc":"2.0","id":"last","method":"ping"}');
      const allowed: Judged[] = judged.filter(
        ({ tool, definition }) => definition && !wire.parts.rules.has(tool),
      );
      read += lines.length;
      const problem = pipeDiffers(frame, lines, allowed);
      if (problem !== undefined) {
        expect.fail(
          `Case ${at} of seed ${seed}: ${problem}\nposted (base64): ${frame.toString('base64')}\nread: ${lines.join('\n')}`,
        );
      }
    }
    expect(read).toBeGreaterThan(cases / 8);
  } finally {
    await wire.stop();
  }
}, 600_000);
