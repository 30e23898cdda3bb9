import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { isGlob } from './glob.ts';

/** A member `"key": value` of an object, where it stands in its text. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Edits a long document as if it were short: `change` gets a text without the entries in `tools` that neither are of the
 * tools to change nor are patterns, and those are put back into its result word for word. Each edit reads the whole text
 * again, so that a hundred of them in a document of a thousand tools would take seconds. `change` may add entries at the end
 * and change the ones it sees, and may not remove any.
 */
export function editShortened(
  text: string,
  tools: readonly string[],
  change: (short: string) => string,
): string {
  const members = membersOf(text);
  const wanted = new Set(tools);
  const last = members.at(-1);
  // The first and the last stay: what is between them and the brackets is theirs, and new ones follow the last.
  const kept = members.filter(
    (member) => member === members[0] || member === last || wanted.has(member.key) || isGlob(member.key),
  );
  if (last === undefined || kept.length === members.length) return change(text);
  const keptKeys = new Set(kept.map(({ key }) => key));

  let short = text.slice(0, members[0]?.start);
  for (const [i, { key, start, end }] of members.entries())
    if (keptKeys.has(key)) short += text.slice(i === 0 ? start : members[i - 1]?.end, end);
  short += text.slice(last.end);

  const result = change(short);
  const after = new Map(membersOf(result).map((member) => [member.key, member]));
  const of = (key: string): Member => {
    const member = after.get(key);
    if (member === undefined) throw new Error(`The entry ${key} was lost while the policy was edited.`);
    return member;
  };
  const first = of(members[0]?.key ?? '');
  let whole = result.slice(0, first.start);
  for (const [i, { key, start, end }] of members.entries()) {
    if (i > 0) whole += text.slice(members[i - 1]?.end, start);
    const edited = keptKeys.has(key) ? of(key) : undefined;
    whole += edited === undefined ? text.slice(start, end) : result.slice(edited.start, edited.end);
  }
  return whole + result.slice(of(last.key).end);
}

function membersOf(text: string): Member[] {
  const root = parseTree(text);
  const tools = root && findNodeAtLocation(root, ['tools']);
  return (tools?.children ?? []).map((property: Node) => ({
    key: String(property.children?.[0]?.value),
    start: property.offset,
    end: property.offset + property.length,
  }));
}
