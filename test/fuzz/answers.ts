import { leaf, type ObjectTree, object, print, quoted, type Tree, value } from './frames.ts';
import { bendText, bendTree } from './mutations.ts';
import type { Random } from './random.ts';

const NAMES = ['echo', 'read_file', 'secret_tool', 'secret_tool2', 'grüße', '\u{1F600}', 'Echo'];

/** An answer to tools/list as a hostile or broken server could write it. `id` is JSON text. */
export function anyListing(random: Random, id: string): string {
  let tree: Tree = object(
    ['"jsonrpc"', '"2.0"'],
    ['"id"', id],
    [
      '"result"',
      object(
        ['"tools"', { is: 'array', items: Array.from({ length: random.int(6) }, () => tool(random)) }],
        ...rest(random),
      ),
    ],
  );
  for (let times = random.pick([0, 0, 1, 1, 2, 3]); times > 0; times--)
    tree = bendTree(tree, random, Number(id));
  const text = print(
    tree,
    random.oneIn(3) ? () => random.pick(['', '', ' ', '\n', '\r\n', '\t']) : undefined,
  );
  return random.oneIn(6) ? bendText(text, random, Number(id)) : text;
}

function tool(random: Random): Tree {
  if (random.oneIn(20)) return leaf(random);
  const members: [string, Tree][] = [
    ['"name"', random.oneIn(8) ? '"secret\\u005ftool"' : quoted(random.pick(NAMES))],
    ['"description"', quoted(`does ${random.int(100)} things`)],
    ['"inputSchema"', object(['"type"', '"object"'], ['"properties"', properties(random)])],
  ];
  if (random.oneIn(3))
    members.push(['"annotations"', object(['"readOnlyHint"', random.pick(['true', 'false'])])]);
  if (random.oneIn(3)) members.push(['"vendor"', value(random, 3)]);
  return object(...(random.oneIn(3) ? random.shuffle(members) : members));
}

function properties(random: Random): ObjectTree {
  const names = ['"path"', '"ID"', '"id"', '"name"', '"tools"', '"\u00e9"'].slice(0, random.int(6));
  return object(...names.map((name): [string, Tree] => [name, object(['"type"', '"string"'])]));
}

function rest(random: Random): [string, Tree][] {
  const members: [string, Tree][] = [];
  if (random.oneIn(4)) members.push(['"nextCursor"', quoted(String(random.int(9)))]);
  if (random.oneIn(4)) members.push(['"_meta"', value(random, 3)]);
  if (random.oneIn(6)) members.push(['"tools2"', '[{"name":"secret_tool"}]']);
  return members;
}
