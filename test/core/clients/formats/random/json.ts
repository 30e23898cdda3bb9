import { CLOSE, type Dice, NAMES, OPEN, type RandomFile, server, value } from './dice.ts';

/** A file with comments, commas at the end, keys that stand twice, and white space anywhere. */
export function randomJson(dice: Dice, map: string, padding: number): RandomFile {
  const eol = dice.of(['\n', '\r\n']);
  const plain = dice.once(4);
  const comments = dice.once(2);
  const trailing = dice.once(3);
  const gap = (): string => {
    if (plain) return '';
    const space = dice.of(['', ' ', '\t', eol, `${eol}  `, `${eol}\t\t`, `${eol}${eol}      `]);
    if (!comments || !dice.once(4)) return space;
    return space + dice.of([`// it's a "comment" { [${eol}`, '/* } ] */', `/*${eol} "x": 1, */ `, '/**/']);
  };
  const list = (open: string, items: string[], close: string): string =>
    open +
    gap() +
    items.join(`${gap()},${gap()}`) +
    (trailing && items.length > 0 ? `${gap()},` : '') +
    gap() +
    close;
  const key = (name: string): string => {
    const text = JSON.stringify(name);
    return `${dice.once(9) ? escaped(text) : text}${gap()}:${gap()}`;
  };
  const write = (each: unknown): string => {
    if (Array.isArray(each)) return list('[', each.map(write), ']');
    if (typeof each === 'object' && each !== null)
      return list(
        '{',
        Object.entries(each).map(([name, own]) => key(name) + write(own)),
        '}',
      );
    if (each === 1.5) return dice.of(['1.5', '1.50', '15e-1']);
    return JSON.stringify(each);
  };
  const other = (): unknown =>
    dice.of([1, null, true, value(dice), [], {}, [value(dice), [1]], { [map]: { x: { command: 'decoy' } } }]);
  const entry = (name: string): string => {
    const members = server(dice).map(([field, each]) => key(field) + write(each));
    if (dice.once(8)) members.push(members[dice.number(members.length)] as string);
    return key(name) + OPEN + list('{', members, '}') + CLOSE;
  };
  const names = dice.shuffled(NAMES).slice(0, 1 + dice.number(4));
  const servers = names.map(entry);
  // Of equal keys the last counts: one before it is no entry, whatever it looks like.
  if (dice.once(6)) servers.unshift(unmarked(entry(names[0] as string)));
  const members = [
    ...dice.some(0, 2, (i) => key(`before ${i}`) + write(other())),
    ...(dice.once(8) ? [key(map) + write({ [names[0] as string]: { command: 'overridden' } })] : []),
    ...(padding > 0 ? [key('padding') + write(pad(padding))] : []),
    key(map) + list('{', servers, '}'),
    ...dice.some(0, 2, (i) => key(`after ${i}`) + write(other())),
  ];
  const marked = `${dice.once(5) ? '\uFEFF' : ''}${gap()}${list('{', members, '}')}${gap()}`;
  return { marked, paths: names.map((name) => [map, name]) };
}

function unmarked(text: string): string {
  return text.replaceAll(OPEN, '').replaceAll(CLOSE, '');
}

function escaped(text: string): string {
  return text.replace(/[a-z]/, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function pad(size: number): unknown {
  return Array.from({ length: Math.ceil(size / 100) }, (_, i) => ({ i, text: `"${'x'.repeat(60)}\\` }));
}

/** JSON to the letter: without comments, commas before closing brackets, and a byte order mark. */
export function strictJson(text: string): string {
  const out: string[] = [];
  // Where the last comma is in `out`, while nothing but white space follows it.
  let comma = -1;
  for (let i = text.startsWith('\uFEFF') ? 1 : 0; i < text.length; i++) {
    const char = text[i] as string;
    if (/\s/.test(char)) out.push(char);
    else if (char === '/' && text[i + 1] === '/') {
      while (i + 1 < text.length && !/[\r\n]/.test(text[i + 1] as string)) i++;
    } else if (char === '/') i = text.indexOf('*/', i + 2) + 1;
    else {
      if ((char === '}' || char === ']') && comma >= 0) out[comma] = '';
      comma = char === ',' ? out.length : -1;
      const start = i;
      if (char === '"') for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
      out.push(text.slice(start, i + 1));
    }
  }
  return out.join('');
}
