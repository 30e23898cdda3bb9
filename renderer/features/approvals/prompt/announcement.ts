import type { ApprovalView } from '../../../../shared/schemas/approval.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import type { Entry } from '../queue/entries.ts';
import { plainWords } from './plain-words.ts';

/** A prompt in one sentence, as a screen reader hears it. */
export function announcement({ clientName, tool, server }: ApprovalView): string {
  return en.approvals.announce(
    visibleText(clientName),
    plainWords(tool) ?? visibleText(tool),
    visibleText(server),
  );
}

/** The same for several calls of one tool. */
export function groupAnnouncement({ first, calls }: Entry): string {
  const { tool, clientName } = first;
  return en.approvals.announceMany(
    calls.length,
    plainWords(tool) ?? visibleText(tool),
    visibleText(clientName),
  );
}
