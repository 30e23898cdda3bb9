import type { ApprovalView } from '../../../shared/schemas/approval.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';

/** A prompt in one sentence, as a screen reader hears it. */
export function announcement({ clientName, tool, server }: ApprovalView): string {
  return en.approvals.announce(visibleText(clientName), visibleText(tool), visibleText(server));
}
