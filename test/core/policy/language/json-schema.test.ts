import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { policyJsonSchema } from '../../../../main/core/policy/language/json-schema.ts';

it('docs/policy.schema.json is what the schema says (node scripts/policy-schema.ts writes it)', () => {
  const file = join(import.meta.dirname, '../../../../docs/policy.schema.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
});
