export { createApprovals } from './create-approvals.ts';
export { type ApprovalHistory, createApprovalHistory } from './history.ts';
export { recordInterrupted } from './interrupted.ts';
export { prettyJson } from './pretty.ts';
export { RuleSaved } from './rule-saved.ts';
