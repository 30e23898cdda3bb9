// @module-tag slow
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient } from '../../../fakes/raw-client.ts';

/** For any bytes: what the server sees, as any JSON reader reads it, is what was judged; or it sees nothing. */

let parts: Parts;
let client: RawClient;
beforeAll(async () => {
  parts = await gatewayWithFakes();
  parts.server.tools = [tool('echo')];
  client = new RawClient(parts.url());
  await client.initialize();
  await client.call('echo');
});
afterAll(async () => {
  await parts.stop();
});

interface Envelope {
  method: string;
  id: unknown;
  params: { name: string; arguments?: object };
}
/** `__proto__` is an own member of both sides, whatever a setter makes of it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function check(bytes: Buffer): Promise<'forwarded' | 'kept'> {
  const judgedBefore = parts.judged.length;
  const sentBefore = parts.upstream.sent.length;
  await client.send(bytes);
  const judged = parts.judged.slice(judgedBefore);
  const sent = parts.upstream.sent.slice(sentBefore);
  for (const message of sent) expect(message.raw.equals(bytes)).toBe(true);
  const calls = sent.filter(({ raw }) => (JSON.parse(raw.toString()) as Envelope).method === 'tools/call');
  expect(calls.length).toBeLessThanOrEqual(judged.length);
  const [facts] = judged;
  if (calls.length === 0 || !facts) return 'kept';
  const seen = JSON.parse(bytes.toString()) as Envelope;
  expect(facts.tool).toBe(seen.params.name);
  expect(plain(facts.args)).toEqual(plain(seen.params.arguments ?? {}));
  return 'forwarded';
}

const key = fc.oneof(
  fc.constantFrom(
    'name',
    'Name',
    'arguments',
    '_meta',
    'method',
    'id',
    'params',
    'jsonrpc',
    '__proto__',
    'x',
    'X',
    'nam\\u0065',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text).slice(1, -1)),
);
/** JSON text with freedoms that a serializer would not take: keys twice, escapes, spellings of numbers, white space. */
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'null',
      'true',
      '1',
      '-0',
      '1.0',
      '1E2',
      '9007199254740993',
      '"echo"',
      '"\\ud83d\\ude00"',
      '1e400',
      '"\\ud800"',
      'NaN',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(' , ')}]`),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((list) => `{${list.map(([k, v]) => `"${k}": ${v}`).join(',')}}`),
  ),
})).value;
const objectText = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 4, selector: ([k]) => k.toLowerCase() })
  .map((list) => `{${list.map(([k, v]) => `"${k}":${v}`).join(',\n')}}`);
const callText = fc
  .tuple(
    fc.constantFrom('"echo"', '"ech\\u006f"', '"other"', 'null'),
    fc.oneof({ weight: 4, arbitrary: objectText }, { weight: 1, arbitrary: value }),
    fc.option(fc.tuple(key, value), { freq: 6 }),
    fc.constantFrom('tools/call', 'tools\\/call', 'Tools/Call', 'ping'),
    fc.boolean(),
  )
  .map(([name, args, extra, method, paramsFirst]) => {
    const params = `"params":{"name":${name},"arguments":${args}}`;
    const rest = `"jsonrpc":"2.0","id":1,"method":"${method}"${extra ? `,"${extra[0]}":${extra[1]}` : ''}`;
    return `{${paramsFirst ? `${params},${rest}` : `${rest},${params}`}}`;
  });

test('calls that are almost right', async () => {
  let forwarded = 0;
  await fc.assert(
    fc.asyncProperty(callText, async (text) => {
      if ((await check(Buffer.from(text))) === 'forwarded') forwarded++;
    }),
    { numRuns: 400 },
  );
  // Otherwise the property says nothing.
  expect(forwarded).toBeGreaterThan(20);
});

test('calls with some of their bytes changed', async () => {
  await fc.assert(
    fc.asyncProperty(
      callText,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      async (text, changes) => {
        const bytes = Buffer.from(text);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        await check(bytes);
      },
    ),
    { numRuns: 300 },
  );
});
