import { closest } from '../language/suggest.ts';
import type { PolicyProblem } from '../types.ts';
import { isNothing } from './values.ts';
import type { Member, Place, Tree } from './yaml-tree.ts';

type MapTree = Extract<Tree, { kind: 'map' }>;

/** What people write, and what they mean by it. */
const HABITS: Readonly<Record<string, string>> = {
  operator: 'op',
  message: 'on_deny',
  reason: 'on_deny',
  limit: 'rate_limit',
  hidden: 'hide',
};

/** Reads the parts of a YAML tree by their kind, and keeps what is wrong with them, each with its line. */
export class Fields {
  readonly problems: PolicyProblem[] = [];

  /** The members of a map; a key that is not known is a problem, and the map is read on without it. */
  map(tree: Tree, known: readonly string[], what: string): ReadonlyMap<string, Member> | undefined {
    if (tree.kind !== 'map') {
      this.problem(tree.at, `${what} must be a map with ${known.join(', ')}.`);
      return undefined;
    }
    for (const [key, { at }] of tree.members) {
      if (known.includes(key)) continue;
      const habit = Object.hasOwn(HABITS, key) ? HABITS[key] : undefined;
      this.problem(
        at,
        `"${key}" is not known here. Known: ${known.join(', ')}.`,
        habit !== undefined && known.includes(habit) ? habit : closest(key, known),
      );
    }
    return tree.members;
  }

  members(member: Member | undefined, what: string): MapTree['members'] {
    if (member === undefined || isNothing(member.value)) return new Map();
    if (member.value.kind === 'map') return member.value.members;
    this.problem(member.at, `${what} must be a map of tool names.`);
    return new Map();
  }

  list(member: Member | undefined, what: string): readonly Tree[] {
    if (member === undefined || isNothing(member.value)) return [];
    if (member.value.kind === 'list') return member.value.items;
    this.problem(member.at, `${what} must be a list.`);
    return [];
  }

  text(map: ReadonlyMap<string, Member>, key: string): string | undefined {
    const member = map.get(key);
    if (member === undefined) return undefined;
    if (member.value.kind === 'scalar') return member.value.text;
    this.problem(member.at, `${key} must be a text.`);
    return undefined;
  }

  choice(at: Place, key: string, value: string, options: readonly string[]): void {
    const shown = options.map((one) => `"${one}"`).join(', ');
    this.problem(at, `${key} must be one of ${shown}, not "${value}".`, closest(value, options));
  }

  problem({ path, line }: Place, message: string, suggestion: string | null = null): void {
    this.problems.push({ path, message: `${line}: ${message}`, suggestion });
  }
}
