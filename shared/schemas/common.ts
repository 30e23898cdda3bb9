import * as z from 'zod';

/** Milliseconds since the epoch. */
export const Time = z.number();

/**
 * A server's name: it is part of a URL (`/s/<server>/mcp`) and of file names. Clients' own names are kept as they are,
 * because their permission rules are keyed on them; only what cannot stand in a path segment is refused.
 */
export const ServerName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^/\\\u0000-\u001f\u007f?#%]+$/, 'may not hold / \\ ? # % or control characters')
  .refine(
    (name) => name !== '.' && name !== '..' && name.trim() === name,
    'may not be . or .. or begin or end with a space',
  );

export const ActionName = z.enum(['allow', 'ask', 'deny', 'hide']);
export type ActionName = z.infer<typeof ActionName>;

export const Category = z.enum(['Read', 'Write', 'Execute', 'Destructive', 'Financial']);
export type Category = z.infer<typeof Category>;
export const Severity = z.enum(['Low', 'Medium', 'High', 'Critical']);
export type Severity = z.infer<typeof Severity>;
export const RiskFlag = z.enum(['secrets', 'privilege', 'egress', 'untrusted-input', 'code', 'path', 'bulk']);
export type RiskFlag = z.infer<typeof RiskFlag>;

/** What a tool can do, judged on this machine from its definition alone. `confidence` is 0…1. */
export const Risk = z.object({
  category: Category,
  severity: Severity,
  flags: z.array(RiskFlag),
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type Risk = z.infer<typeof Risk>;

export const ModeName = z.enum(['enforce', 'observe', 'raised', 'bypass']);
export type ModeName = z.infer<typeof ModeName>;
export const Mode = z.object({
  mode: ModeName,
  /** When `bypass` ends by itself. */
  until: Time.nullable(),
});
export type Mode = z.infer<typeof Mode>;

export const Problem = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  detail: z.string(),
  fix: z.string().nullable(),
});
export type Problem = z.infer<typeof Problem>;
