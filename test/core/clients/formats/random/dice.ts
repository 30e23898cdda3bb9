/** Random choices that a number repeats (mulberry32). */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** 0 to `below` - 1. */
  number(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }
  /** True once in `times`. */
  once(times: number): boolean {
    return this.number(times) === 0;
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.number(choices.length)] as T;
  }
  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.number(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
  /** Between `least` and `most` results. */
  some<T>(least: number, most: number, make: (i: number) => T): T[] {
    return Array.from({ length: least + this.number(most - least + 1) }, (_, i) => make(i));
  }
}

/** What stands between these is an entry, as the generator meant it. */
export const OPEN = '\u0001';
export const CLOSE = '\u0002';

/** A random file of a client: its text with marks around the entries, in order. */
export interface RandomFile {
  readonly marked: string;
  /** Key paths of the entries; where a key stands twice, of the last one. */
  readonly paths: readonly (readonly string[])[];
}

/** None is or ends with a backslash: of two maps with such a key and one with `"` there, JSON.parse of Node 24 mixes the keys up. */
export const NAMES = [
  ...[
    'github',
    'fs',
    'a',
    'server-1',
    'é',
    '🌊',
    'with space',
    'x.y',
    'on',
    'null',
    '1',
    '~',
    '#',
    ': ',
    'say "hi"',
    'a\\b',
  ],
  ...[
    "it's",
    '__proto__',
    'constructor',
    '*star',
    '&and',
    '- dash',
    '日本語',
    'tab\t',
    '{',
    ']',
    ',',
    '?',
    '!x',
  ],
];

/** A server as people describe one, with members that routing replaces and members that it keeps. */
export function server(dice: Dice): [string, unknown][] {
  const reaching: [string, unknown][] = [
    ['command', dice.of(['npx', '/usr/bin/x', 'C:\\x\\y.exe', 'uvx #1', 'a: b'])],
  ];
  if (dice.once(2)) reaching.push(['args', dice.some(0, 3, () => value(dice))]);
  if (dice.once(2))
    reaching.push(['env', Object.fromEntries(dice.some(0, 2, (i) => [`K_${i}`, value(dice)]))]);
  const kept: [string, unknown][] = [];
  if (dice.once(2)) kept.push(['timeout', dice.of([300, 0, -1, 1.5])]);
  if (dice.once(2)) kept.push(['disabled', dice.once(2)]);
  if (dice.once(2)) kept.push(['description', value(dice)]);
  if (dice.once(3)) kept.push(['tools', dice.some(0, 3, () => value(dice))]);
  if (dice.once(3)) kept.push(['nested', { a: value(dice), 'b c': { d: [1, value(dice)] }, e: {} }]);
  return dice.shuffled([...reaching, ...kept]);
}

export function value(dice: Dice): string {
  return dice.of([
    ...[
      '',
      'x',
      '-y',
      'two words',
      'é🌊',
      'yes',
      'null',
      '12',
      '1e3',
      'a: b',
      'a #b',
      '# no',
      '*a',
      '[x',
      '}',
      'tr ',
    ],
    ...[
      '"quoted"',
      "it's",
      'back\\slash',
      'two\nlines',
      'end\n',
      '\n\nthree\n\nlines\n\n',
      '  indented\nless',
      '\t',
      '~',
    ],
    ...[
      '|',
      '>',
      '---',
      '...',
      '%',
      '@x',
      '`',
      '2026-01-01',
      '0o17',
      'https://x.example.com/a?b=c#d',
      '// no',
      '/* no */',
    ],
  ]);
}
