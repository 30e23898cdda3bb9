import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../../main/core/codec/types.ts';
import { admits } from '../../../../main/core/gateway/call/open-schema.ts';
import { gatewayWithFakes, type Parts, tool } from '../../../fakes/gateway-parts.ts';
import { RawClient, until } from '../../../fakes/raw-client.ts';

/** What a model is given of a result to which Drawbridge has something to say, in clients that show different parts of it. */

const number = { n: { type: 'number' } };
const OPEN: JsonObject = { type: 'object', properties: number, required: ['n'] };
const CLOSED: JsonObject = { ...OPEN, additionalProperties: false };
const TOLD =
  'The person at this machine changed the arguments of this call before allowing it. It ran with: {"a":2}';

interface Result {
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}
/** Claude Code and Codex: structured content, where there is any; of an error the texts. */
const structuredFirst = ({ content, structuredContent, isError }: Result): string =>
  structuredContent && !isError ? JSON.stringify(structuredContent) : (content[0]?.text ?? '');
const contentOnly = ({ content }: Result): string => content.map(({ text }) => text).join('\n');

let parts: Parts;
let client: RawClient;
beforeEach(async () => {
  parts = await gatewayWithFakes();
  client = new RawClient(parts.url());
});
afterEach(async () => {
  await parts.stop();
});

async function editedResult(outputSchema: JsonObject | undefined, result: object): Promise<Result> {
  parts.server.tools = [tool('write_file', outputSchema ? { outputSchema } : {})];
  parts.rules.set('write_file', { decision: 'ask' });
  parts.server.handle = (message, connection) => {
    if (!message.call) return false;
    queueMicrotask(
      () => void connection.say({ jsonrpc: '2.0', id: JSON.parse(message.id ?? ''), result }, message.id),
    );
    return true;
  };
  await client.initialize();
  const call = client.openCall(5, 'write_file', { a: 1 });
  await until(() => parts.approvals.list().length === 1);
  const id = parts.approvals.list()[0]?.id ?? '';
  await parts.approvals.decide({
    id,
    decision: 'allow',
    scope: 'once',
    by: 'person',
    editedArguments: '{"a":2}',
  });
  return (await call.done).last.result as unknown as Result;
}
const said = { content: [{ type: 'text', text: '{"n":1}' }], structuredContent: { n: 1 } };

test.each<[string, JsonObject | undefined]>([
  ['without an output schema', undefined],
  ['with an open one', OPEN],
  [
    'with one that says so',
    { ...OPEN, additionalProperties: true, $schema: 'http://json-schema.org/draft-07/schema#' },
  ],
  ['with a closed one', CLOSED],
  ['with one that only wants numbers', { ...OPEN, additionalProperties: { type: 'number' } }],
  ['with alternatives', { type: 'object', anyOf: [CLOSED, { type: 'object', required: ['x'] }] }],
  ['with patterns', { ...OPEN, patternProperties: { '.*': { type: 'number' } } }],
  ['with a bound', { ...OPEN, maxProperties: 1 }],
])(
  'a result %s: every client shows the notice and the result, and none has a reason to refuse it',
  async (_, schema) => {
    const result = await editedResult(schema, said);
    for (const shown of [structuredFirst(result), contentOnly(result)]) {
      expect(shown.replaceAll('\\"', '"')).toContain(TOLD);
      expect(shown).toMatch(/"n":1/);
    }
    if (schema && !result.isError) {
      const validate = new Ajv({ strict: false }).compile({ ...schema, $schema: undefined });
      expect(validate(result.structuredContent)).toBe(true);
    }
    if (schema && result.isError) expect(result.structuredContent).toBeUndefined();
    expect(parts.records.at(-1)?.outcome?.status).toBe('ok');
  },
);

test('a result that is no object, and one that has a member of that name already', async () => {
  const list = await editedResult(undefined, { ...said, structuredContent: [1, 2] });
  expect(structuredFirst(list)).toContain(TOLD);
  expect(structuredFirst(list)).toContain('[1,2]');
});

test('a failure keeps its flag and its words', async () => {
  const result = await editedResult(CLOSED, { ...said, isError: true });
  expect(result).toMatchObject({ isError: true, structuredContent: { n: 1, drawbridge_notice: TOLD } });
  expect(structuredFirst(result)).toBe(`${TOLD}\n\n{"n":1}`);
});

test('a keyword that is not known to be harmless is taken for an obstacle', () => {
  expect(admits(OPEN, 'x')).toBe(true);
  expect(admits({ ...OPEN, title: 'T', $defs: {} }, 'x')).toBe(true);
  for (const keyword of [
    'allOf',
    'if',
    '$ref',
    'propertyNames',
    'dependentSchemas',
    'unevaluatedProperties',
    'new',
  ])
    expect(admits({ ...OPEN, [keyword]: false }, 'x')).toBe(false);
  expect(admits({ ...OPEN, properties: { x: {} } }, 'x')).toBe(false);
  expect(admits(false, 'x')).toBe(false);
});
