export { createAuditLog } from './create-audit-log.ts';
export { redactJson, redactText } from './redact.ts';
