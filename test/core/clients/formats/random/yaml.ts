import { CLOSE, type Dice, NAMES, OPEN, type RandomFile, server, value } from './dice.ts';

/** A file in any style and indentation, whose entries are members of a map or items of a list. */
export function randomYaml(dice: Dice, map: string, list: boolean, padding: number): RandomFile {
  const eol = dice.of(['\n', '\r\n']);
  const unit = dice.of([1, 2, 2, 4, 3]);
  const comment = (): string => (dice.once(5) ? `${dice.of([' ', '  ', '\t'])}# it's: "a" [comment` : '');
  const between = (column: number): string =>
    dice
      .some(0, 2, () =>
        dice.of(['', ' '.repeat(column), `${' '.repeat(column)}# about x: y`, '# far left', '   ']),
      )
      .map((line) => line + eol)
      .join('');
  const quoted = (text: string): string =>
    dice.once(3) && !/[\n\t]/.test(text) ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
  const isPlain = (text: string): boolean =>
    /^[A-Za-z/é][\w .é/+-]*$/.test(text) && !/\s$/.test(text) && !/^(?:yes|null|on)$/.test(text);
  const scalar = (text: string): string => (isPlain(text) && !dice.once(3) ? text : quoted(text));
  const flow = (each: unknown): string => {
    const space = (): string => dice.of(['', ' ', ' ', '  ']);
    if (typeof each === 'string') return scalar(each);
    if (Array.isArray(each))
      return `[${space()}${each.map(flow).join(`,${dice.of([' ', '\t'])}`)}${space()}]`;
    if (typeof each === 'object' && each !== null) {
      const members = Object.entries(each).map(([key, own]) => `${scalar(key)}: ${flow(own)}`);
      return `{${space()}${members.join(`,${space()} `)}${space()}}`;
    }
    return number(each);
  };
  const number = (each: unknown): string => (each === 1.5 ? dice.of(['1.5', '1.50', '15e-1']) : String(each));
  /** What follows a colon of a key at this column. */
  const block = (each: unknown, column: number): string => {
    if (typeof each === 'string') return text(each, column) ?? ` ${scalar(each)}${comment()}`;
    const start = eol + ' '.repeat(column + unit);
    const flat = typeof each !== 'object' || each === null || Object.keys(each).length === 0 || dice.once(3);
    if (flat) return ` ${flow(each)}${comment()}`;
    if (Array.isArray(each)) {
      const dash = eol + ' '.repeat(column + dice.of([0, unit]));
      return comment() + each.map((item) => `${dash}- ${flow(item)}${comment()}`).join('');
    }
    return (
      comment() +
      Object.entries(each)
        .map(([key, own]) => `${start}${scalar(key)}:${block(own, column + unit)}`)
        .join('')
    );
  };
  /** A string over several lines, where it can be written so. */
  const text = (each: string, column: number): string | undefined => {
    const indent = ' '.repeat(column + unit);
    if (dice.once(2) && /^[^\s#][^\t]*[^\n]\n$/.test(each) && !/\n[ ]/.test(each)) {
      const lines = each.slice(0, -1).split('\n');
      return ` |${comment()}${lines.map((line) => eol + (line === '' ? '' : indent + line)).join('')}`;
    }
    if (dice.once(3) && each === 'two words')
      return dice.of([
        ` two${eol}${indent}words`,
        ` "two${eol}${indent}words"`,
        ` >-${eol}${indent}two${eol}${indent}words`,
        `${eol}${indent}two words`,
      ]);
    return undefined;
  };
  const names = dice.shuffled(NAMES).slice(0, 1 + dice.number(4));
  const members = (name: string): [string, unknown][] => [
    ...(list ? ([['name', name]] as [string, unknown][]) : []),
    ...server(dice),
  ];
  const shuffled = (name: string): [string, unknown][] =>
    dice.once(3) ? dice.shuffled(members(name)) : members(name);
  const lines = (fields: [string, unknown][], column: number): string =>
    fields
      .map(
        ([key, each], i) =>
          `${eol}${i > 0 && dice.once(9) ? `# in between${eol}` : ''}${' '.repeat(column)}${scalar(key)}:${block(each, column)}`,
      )
      .join('');
  const top = dice.once(8) ? 'all flow' : dice.once(5) ? 'flow' : 'block';
  const entry = (name: string, column: number): string => {
    const fields = shuffled(name);
    const braces = `${OPEN}${flow(Object.fromEntries(fields))}${CLOSE}`;
    if (top !== 'block') return list ? braces : `${scalar(name)}: ${braces}`;
    const start = ' '.repeat(column);
    const asFlow = dice.once(4);
    if (!list) {
      const key = `${start}${scalar(name)}:`;
      if (asFlow) return `${key} ${braces}${comment()}${eol}`;
      const above = `${comment()}${dice.once(5) ? `${eol}# above` : ''}`;
      return `${key}${above}${OPEN}${lines(fields, column + unit)}${CLOSE}${eol}`;
    }
    if (asFlow) return `${start}- ${braces}${comment()}${eol}`;
    const gap = 1 + dice.number(3);
    const own = lines(fields, column + 1 + gap);
    const first = own.replace(/^\r?\n */, '');
    return `${OPEN}${start}-${' '.repeat(gap)}${first}${CLOSE}${eol}`;
  };
  const column = list ? dice.of([0, unit]) : unit;
  const servers =
    top === 'block'
      ? `:${comment()}${eol}${names.map((name) => between(column) + entry(name, column)).join('')}`
      : `: ${list ? '[' : '{'}${names.map((name) => entry(name, 0)).join(', ')}${list ? ']' : '}'}`;
  if (top === 'all flow') {
    const before = dice.some(0, 1, () => `before: ${flow([value(dice)])}`);
    return {
      marked: `{${[...before, map + servers, 'after: 1'].join(', ')}}${eol}`,
      paths: names.map((name) => [map, name]),
    };
  }
  const other = (key: string): string =>
    `${between(0)}${key}:${block(dice.of([value(dice), 12, null, [value(dice), 'b'], { a: value(dice), b: { c: [1] } }]), 0)}${eol}`;
  const anchors = dice.once(6) ? `anchor: &a { x: 1 }${eol}alias: *a${eol}` : '';
  const filler =
    padding > 0
      ? `padding:${eol}${Array.from({ length: padding / 80 }, (_, i) => `  - item${i} ${'x'.repeat(66)}${eol}`).join('')}`
      : '';
  const marked = [
    dice.once(5) ? '\uFEFF' : '',
    dice.of(['', '', '', `---${eol}`, `%YAML 1.2${eol}---${eol}`, `# first${eol}---${eol}`]),
    ...dice.some(0, 2, (i) => other(`before${i}`)),
    anchors,
    filler,
    between(0),
    dice.of([map, map, `"${map}"`, `'${map}'`]) + servers + (top === 'block' ? '' : comment() + eol),
    ...dice.some(0, 2, (i) => other(`after${i}`)),
    between(0),
    dice.once(8) ? `...${eol}` : '',
  ].join('');
  return {
    marked: dice.once(8) ? marked.replace(/\r?\n$/, '') : marked,
    paths: names.map((name) => [map, name]),
  };
}
