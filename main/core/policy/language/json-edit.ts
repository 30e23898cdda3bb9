import {
  applyEdits,
  type Edit,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
  parseTree,
} from 'jsonc-parser';

/**
 * Changes one value of a JSON text and leaves every other byte as it is. `undefined` removes; `append` adds to a list. What
 * is new takes the indentation and the line ends that the text already has.
 */
export function editJson(text: string, path: JSONPath, value: unknown, append = false): string {
  // Without formatting options the edits touch nothing but the place itself.
  const edits = modify(text, path, value, { isArrayInsertion: append });
  if (value === undefined) return applyEdits(text, edits);
  return applyEdits(
    text,
    edits.map((edit) => formatted(text, path, edit)),
  );
}

function formatted(text: string, path: JSONPath, edit: Edit): Edit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const lines = text.trim().includes('\n');
  const pretty = (json: string, indent: string) =>
    lines ? JSON.stringify(JSON.parse(json), null, unit).replaceAll('\n', eol + indent) : json;
  if (edit.length > 0) return { ...edit, content: pretty(edit.content, indentAt(text, edit.offset)) };

  const container = containerOf(text, path);
  const member = (json: string, indent: string) => {
    if (container?.type === 'array') return pretty(json, indent);
    const one = JSON.parse(`{${json}}`) as Record<string, unknown>;
    const [key = '', inner] = Object.entries(one)[0] ?? [];
    return `${JSON.stringify(key)}: ${pretty(JSON.stringify(inner), indent)}`;
  };
  const last = container?.children?.at(-1);
  if (last !== undefined) {
    const indent = indentAt(text, last.offset);
    const ownLine = text.slice(lineStart(text, last.offset), last.offset).trim() === '';
    const content = member(edit.content.replace(/^,/, ''), indent);
    return { ...edit, content: ownLine ? `,${eol}${indent}${content}` : `, ${content}` };
  }
  // The first member of an empty { } or [ ]: what is between the brackets is only white space.
  const outer = indentAt(text, edit.offset);
  const content = member(edit.content, outer + unit);
  const length = container === undefined ? 0 : container.length - 2;
  const short = !lines || !content.includes('\n');
  const inLine = short && container !== undefined && path.length > 2;
  return {
    offset: edit.offset,
    length,
    content: inLine || !lines ? ` ${content} ` : `${eol}${outer}${unit}${content}${eol}${outer}`,
  };
}

/** The deepest object or list on a path that is there already. */
function containerOf(text: string, path: JSONPath): Node | undefined {
  const tree = parseTree(text);
  if (tree === undefined) return undefined;
  for (let length = path.length - 1; length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return tree;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}
