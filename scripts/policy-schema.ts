/** Writes docs/policy.schema.json from the schema in shared/: `node scripts/policy-schema.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyJsonSchema } from '../main/core/policy/language/json-schema.ts';

writeFileSync(
  join(import.meta.dirname, '..', 'docs', 'policy.schema.json'),
  `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
);
