import { expect, test } from 'vitest';
import { jsonc } from '../../../../main/core/clients/formats/jsonc.ts';
import type { FilePlan } from '../../../../main/core/clients/route/file-plan.ts';
import { verifyText } from '../../../../main/core/clients/route/file-text.ts';
import { clientRow } from '../../../../main/core/clients/table/index.ts';

const TEXT = '{"theme":"dark","mcpServers":{"one":{"command":"x"},"two":{"command":"y"}}}';
const row = clientRow('claude-code');
const parsed = jsonc.parse(TEXT, 'strict');
if (!row || !parsed.ok) throw new Error('fixture');
const at = parsed.doc.find(['mcpServers', 'one']);
if (!at) throw new Error('fixture');

const plan: FilePlan = {
  state: {
    row,
    path: '/home/ada/.claude.json',
    exists: true,
    blank: false,
    notes: [],
    problem: null,
    hash: '',
    doc: parsed.doc,
    entries: [],
    warnings: [],
    readOnly: null,
  },
  changes: [
    {
      kind: 'route',
      at,
      name: 'one',
      project: null,
      registration: { server: 'one', how: 'same' },
      draft: null,
      record: null,
      text: () => '',
    },
  ],
  planned: [],
  gone: [],
  problem: null,
};

test('a text that differs in the entry alone may be written', () => {
  verifyText(plan, TEXT.replace('{"command":"x"}', '{"type":"http"}'));
});

test.each([
  ['another entry is touched', TEXT.replace('"y"', '"z"'), 'reach beyond'],
  ['another key is touched', TEXT.replace('dark', 'light'), 'reach beyond'],
  ['white space is touched', `${TEXT}\n`, 'reach beyond'],
  ['the entry is gone', TEXT.replace('"one":{"command":"x"},', ''), 'reach beyond'],
  ['the client could not read it', TEXT.replace('{"command":"x"}', '{"command":"x",}'), 'not be readable'],
])('it is refused when %s', (_what, next, says) => {
  expect(() => verifyText(plan, next)).toThrow(says);
});
