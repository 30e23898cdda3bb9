import * as z from 'zod';
import { ActionName, ServerName } from '../schemas/common.ts';
import { RuleDraft, RuleEffect, RuleField } from '../schemas/rule.ts';
import { PolicyState, SimpleLimit } from '../schemas/server.ts';
import { ImportedPolicy, Simulation } from '../schemas/simulation.ts';
import { manager } from './roles.ts';

/** Calls about policies: in force, checked, tried, drafted. */
export const policyCalls = {
  'policy.get': {
    input: z.strictObject({ server: ServerName }),
    output: z.object({ text: z.string(), state: PolicyState, sentences: z.array(z.string()) }),
    roles: manager,
  },
  /** Saves a document and puts it in force. With `basedOn`, refused with `conflict` when another version is in force by now. */
  'policy.set': {
    input: z.strictObject({ server: ServerName, text: z.string(), basedOn: z.string().optional() }),
    output: PolicyState,
    roles: manager,
  },
  /** With `server`, what its listed tools do not have is warned of as well. */
  'policy.check': {
    input: z.strictObject({ text: z.string(), server: ServerName.optional() }),
    output: z.object({
      ok: z.boolean(),
      problems: z.array(
        z.object({ path: z.string(), message: z.string(), suggestion: z.string().nullable() }),
      ),
      warnings: z.array(z.object({ path: z.string(), message: z.string() })),
      sentences: z.array(z.string()),
    }),
    roles: manager,
  },
  /** One click: writes the entry of one tool, keeping the rest of the document. `limit: null` removes the plain limit. */
  'policy.setTool': {
    input: z.strictObject({
      server: ServerName,
      tools: z.array(z.string()).min(1),
      action: ActionName.optional(),
      limit: SimpleLimit.nullable().optional(),
    }),
    output: PolicyState,
    roles: manager,
  },
  /** The recommended document for the tools seen, not yet in force. */
  'policy.recommend': {
    input: z.strictObject({ server: ServerName, strict: z.boolean().default(false) }),
    output: z.object({ text: z.string(), diff: z.string(), sentences: z.array(z.string()) }),
    roles: manager,
  },
  /** Tries a document on the last recorded calls of a server. Changes nothing. */
  'policy.simulate': {
    input: z.strictObject({
      server: ServerName,
      text: z.string(),
      limit: z.number().int().min(1).max(5000).default(500),
    }),
    output: Simulation,
    roles: manager,
  },
  /** Reads the open-source YAML form (or a document of ours) and gives our document with a report. Changes nothing. */
  'policy.import': { input: z.strictObject({ text: z.string() }), output: ImportedPolicy, roles: manager },
  /** A rule made from a recorded call. Without `fields`, what is suggested. Changes nothing. */
  'policy.draftRule': {
    input: z.strictObject({
      seq: z.number(),
      effect: RuleEffect,
      fields: z.array(RuleField).optional(),
      everyClient: z.boolean().default(false),
    }),
    output: RuleDraft,
    roles: manager,
  },
};
