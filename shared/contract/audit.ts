import * as z from 'zod';
import { ActivityDetail, ActivityQuery, ActivityRow, AuditVerdict } from '../schemas/audit.ts';
import { Empty, manager } from './roles.ts';

/** Calls about the record of calls. */
export const auditCalls = {
  'audit.page': { input: ActivityQuery, output: z.array(ActivityRow), roles: manager },
  'audit.detail': { input: z.strictObject({ seq: z.number() }), output: ActivityDetail, roles: manager },
  /** One page of an export, oldest first, already in the format asked for; `next` is null at the end. */
  'audit.export': {
    input: z.strictObject({ format: z.enum(['jsonl', 'csv']), after: z.number().default(0) }),
    output: z.object({ text: z.string(), next: z.number().nullable() }),
    roles: manager,
  },
  'audit.verify': { input: Empty, output: AuditVerdict, roles: manager },
};
