import * as z from 'zod';
import { PolicyDocument } from '../../../../shared/schemas/policy.ts';

/** The policy document as a JSON Schema (draft 2020-12), for editors. Generated into docs/policy.schema.json. */
export function policyJsonSchema(): object {
  return {
    title: 'Drawbridge policy',
    description: 'Which tools of one MCP server may be called, how often, and with which arguments.',
    ...z.toJSONSchema(PolicyDocument, { io: 'input' }),
  };
}
