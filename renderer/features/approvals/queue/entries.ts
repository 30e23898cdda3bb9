import type { ApprovalView } from '../../../../shared/schemas/approval.ts';

/** What stands in the queue as one thing: a call, or several of one tool by one client. */
export interface Entry {
  readonly key: string;
  readonly first: ApprovalView;
  readonly calls: readonly ApprovalView[];
}

/**
 * Puts calls together that are alike in everything but their arguments: client, server, tool, definition, the rule that
 * asks, and the class of risk. Whatever a person would judge differently is never in one entry. In the order of arrival.
 */
export function entriesOf(approvals: readonly ApprovalView[]): Entry[] {
  const entries = new Map<string, ApprovalView[]>();
  for (const approval of approvals) {
    const key = entryKey(approval);
    const calls = entries.get(key);
    if (calls) calls.push(approval);
    else entries.set(key, [approval]);
  }
  return [...entries].map(([key, calls]) => ({ key, first: calls[0] as ApprovalView, calls }));
}

function entryKey(approval: ApprovalView): string {
  const { clientId, clientName, server, tool, toolTitle, definitionHash, reviewed, rule, why, risk } =
    approval;
  const { category, severity, flags } = risk;
  return JSON.stringify([
    [clientId, clientName, server, tool, toolTitle, definitionHash, reviewed, rule, why],
    [category, severity, [...flags].sort()],
  ]);
}

/** Everything a decision rests on: when any of it changes, Allow is not armed. */
export function contentKey(approval: ApprovalView): string {
  const { id, argumentsDigest, argumentsText, why, rule, risk, tool, server, clientName } = approval;
  const { definitionHash, reviewed, change } = approval;
  return JSON.stringify([
    [id, argumentsDigest, argumentsText, why, rule, risk, tool, server, clientName],
    [definitionHash, reviewed, change],
  ]);
}
