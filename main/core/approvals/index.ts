export { createApprovals } from './create-approvals.ts';
export { prettyJson } from './pretty.ts';
