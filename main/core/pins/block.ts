import type { ChangeKind } from '../../../shared/schemas/pin.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import type { DefinitionBlock } from '../policy/types.ts';
import type { ToolRow, Version } from './rows.ts';

/** For agents: no word of the definition itself, which may be what is wrong with it. */
const WORDS: Readonly<Record<ChangeKind, string>> = {
  'hidden-text': 'it holds text that a person cannot see',
  'lowers-risk': 'it declares less risk than before',
  'adds-instructions': 'words were added that speak to the model',
  'adds-arguments': 'it takes arguments it did not take before',
  'flip-flop': 'it switches between definitions',
};
const REVIEW =
  'It stays blocked until the person at this machine has reviewed it in Drawbridge (Servers); ask them to.';

/** Why a tool may not be used now; undefined when it may. */
export function blockOf(
  { flipping }: Pick<ToolRow, 'flipping'>,
  { standing, kinds }: Pick<Version, 'standing' | 'kinds'>,
  quarantine: string | null,
): DefinitionBlock | undefined {
  if (standing === 'blocked') {
    const why = kinds.map((kind) => WORDS[kind]).join(', and ');
    return kinds.includes('hidden-text')
      ? {
          rule: 'pin:hidden-text',
          reason: `The definition of this tool is not safe to use: ${why}. ${REVIEW}`,
        }
      : { rule: 'pin:changed', reason: `The server changed the definition of this tool: ${why}. ${REVIEW}` };
  }
  const trusted = standing === 'first' || standing === 'person';
  if (quarantine === null || (trusted && !flipping)) return undefined;
  const reason = flipping
    ? `The server switches this tool back and forth between definitions. ${REVIEW}`
    : `The server switches definitions back and forth, so every tool of it that changed is blocked. ${REVIEW}`;
  return { rule: 'pin:quarantine', reason };
}

/** For people: why all changed tools of a server are blocked together. */
export function quarantineReason(tool: string): string {
  return `${visibleText(tool).slice(0, 100)} went back to an earlier definition twice within an hour. A server that switches like this can show one definition for review and another to the model. Two versions of it running side by side look the same, such as after an update: quit what still runs the old one, then release it; or accept both definitions.`;
}
