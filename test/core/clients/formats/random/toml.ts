import { CLOSE, type Dice, NAMES, OPEN, type RandomFile, server, value } from './dice.ts';

/** A file with comments, tables in any order and every way to write a string. */
export function randomToml(dice: Dice, map: string, padding: number): RandomFile {
  const eol = dice.of(['\n', '\r\n']);
  const space = (): string => dice.of(['', ' ', ' ', '  ', '\t']);
  const comment = (): string => (dice.once(5) ? `${space()}# [x] it's "a" = comment` : '');
  const between = (): string =>
    dice.some(0, 2, () => dice.of([eol, `# about [${map}.x]${eol}`, `  # é${eol}`, `\t${eol}`])).join('');
  const string = (text: string): string => {
    const plain = !/['\n\u0000-\u001f]/.test(text);
    if (plain && dice.once(3)) return `'${text}'`;
    if (dice.once(5))
      return `"""${dice.of(['', eol])}${text.replace(/["\\\t]/g, (char) => JSON.stringify(char).slice(1, -1)).replaceAll('\n', eol)}"""`;
    return JSON.stringify(text);
  };
  const bare = (name: string): string =>
    /^[A-Za-z0-9_-]+$/.test(name) && !dice.once(4)
      ? name
      : dice.once(2) && !/['\n\t]/.test(name)
        ? `'${name}'`
        : JSON.stringify(name);
  const write = (each: unknown): string => {
    if (typeof each === 'string') return string(each);
    if (Array.isArray(each)) {
      const items = each.map(write);
      return dice.once(3)
        ? `[${items.map((item) => `${eol}  ${item},${comment()}`).join('')}${eol}]`
        : `[${items.join(`,${space()}`)}]`;
    }
    if (typeof each === 'object' && each !== null)
      return `{ ${Object.entries(each)
        .map(([key, own]) => `${bare(key)}${space()}=${space()}${oneLine(own)}`)
        .join(', ')} }`;
    return each === 1.5 ? dice.of(['1.5', '1.50', '15e-1']) : String(each);
  };
  const oneLine = (each: unknown): string => {
    if (typeof each === 'string') return JSON.stringify(each);
    if (Array.isArray(each)) return `[${each.map(oneLine).join(', ')}]`;
    if (typeof each === 'object' && each !== null)
      return `{${Object.entries(each)
        .map(([key, own]) => `${bare(key)} = ${oneLine(own)}`)
        .join(',')}}`;
    return String(each);
  };
  const pair = (key: string, each: unknown): string =>
    `${bare(key)}${space()}=${space()}${write(each)}${comment()}`;
  const isMap = (each: unknown): boolean => typeof each === 'object' && each !== null && !Array.isArray(each);
  const names = dice.shuffled(NAMES).slice(0, 1 + dice.number(4));
  const inline = dice.once(6);
  const table = (name: string): string => {
    const members = server(dice);
    const header = [map, name].map(bare).join(dice.of(['.', ' . ']));
    // Maps as tables below, in braces, or as dotted keys.
    const dotted = !inline && dice.once(4);
    const own = members.flatMap(([key, each]): string[] => {
      if (!isMap(each) || inline) return [pair(key, each)];
      const inner = Object.entries(each as object);
      if (!dotted) return [];
      if (inner.length === 0) return [pair(key, each)];
      return inner.map(([name, own]) => `${bare(key)}${space()}.${space()}${pair(name, own)}`);
    });
    const below = members.filter(([, each]) => isMap(each) && !inline && !dotted);
    let text = `[${space()}${header}${space()}]${comment()}${OPEN}`;
    for (const line of own) text += eol + (dice.once(8) ? `# in between${eol}` : '') + space() + line;
    for (const [key, each] of below) {
      text += `${eol}${between()}[${[map, name, key].map(bare).join('.')}]${comment()}`;
      for (const [inner, value] of Object.entries(each as object)) text += eol + pair(inner, value);
    }
    return text + CLOSE + eol;
  };
  const other = (i: number): string =>
    `[${bare(`other ${i}`)}]${eol}${pair('a', value(dice))}${eol}when = 1979-05-27T07:32:00Z${eol}${dice.once(2) ? `[[other.list]]${eol}x = 1${eol}` : ''}`;
  const head = dice.some(0, 2, (i) => between() + pair(`top ${i}`, value(dice)) + eol).join('');
  const others = dice.some(0, 2, other).slice(0, 1);
  const asMap = dice.once(6);
  const entries = asMap
    ? [
        `[${map}]${eol}${names.map((name) => `${between()}${bare(name)} = ${OPEN}${oneLine(Object.fromEntries(server(dice)))}${CLOSE}${comment()}${eol}`).join('')}`,
      ]
    : names.map(table);
  const filler =
    padding > 0
      ? [
          `[padding]${eol}${Array.from({ length: padding / 80 }, (_, i) => `key${i} = "${'x'.repeat(66)}"${eol}`).join('')}`,
        ]
      : [];
  const tables = asMap ? [...entries, ...others, ...filler] : mixed(dice, entries, [...others, ...filler]);
  const marked = `${dice.once(5) ? '\uFEFF' : ''}${head}${tables.map((each) => between() + each).join('')}${between()}`;
  return {
    marked: dice.once(6) ? marked.replace(/\r?\n$/, '') : marked,
    paths: names.map((name) => [map, name]),
  };
}

/** Some tables put anywhere among those of the entries, whose order stays. */
function mixed(dice: Dice, entries: readonly string[], others: readonly string[]): string[] {
  const out = [...entries];
  for (const other of others) out.splice(dice.number(out.length + 1), 0, other);
  return out;
}
