import type { Risk } from '../../../shared/schemas/common.ts';
import type { PolicyDocument, PolicyEntry } from '../../../shared/schemas/policy.ts';

/**
 * The recommended document for the tools a server lists, as text. `strict` is the narrower column of docs/risk.md.
 * Tools that appear later need approval (`default: "ask"`), in strict documents they are denied.
 */
export function recommendPolicy(
  tools: readonly { readonly name: string; readonly risk: Risk }[],
  { strict }: { strict: boolean },
): string {
  const hide: string[] = [];
  // Object.fromEntries defines own keys, so a tool named like a member of Object.prototype stays an entry.
  const entries: [string, PolicyEntry][] = [];
  for (const { name, risk } of tools) {
    // `*` would be read as a pattern and `__proto__` is refused: the default covers both.
    if (name.includes('*') || name === '__proto__' || name === '') continue;
    if (strict && risk.category === 'Destructive') hide.push(name);
    else entries.push([name, strict ? strictEntry(name, risk) : plainEntry(name, risk)]);
  }
  const document: PolicyDocument = {
    version: '1',
    default: strict ? 'deny' : 'ask',
    ...(hide.length > 0 ? { hide } : {}),
    tools: Object.fromEntries(entries),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function plainEntry(name: string, { category, flags }: Risk): PolicyEntry {
  switch (category) {
    case 'Read':
      return flags.includes('secrets') ? { action: 'ask', reason: 'It can return secrets.' } : {};
    case 'Write':
      return rate(name, 30, 'minute');
    case 'Execute':
      return flags.includes('code')
        ? { action: 'ask', reason: 'It runs code or commands that the caller writes.' }
        : rate(name, 10, 'minute');
    case 'Destructive':
      return { action: 'ask', reason: 'It deletes or overwrites.' };
    case 'Financial':
      return { action: 'ask', reason: 'It moves money.' };
  }
}

function strictEntry(name: string, { category, flags }: Risk): PolicyEntry {
  switch (category) {
    case 'Read':
      return flags.includes('secrets') ? { action: 'deny', reason: 'It can return secrets.' } : {};
    case 'Write':
      return rate(name, 30, 'hour');
    case 'Financial':
      return { deny_if: [{ conditions: [], on_deny: 'Requires human approval.' }] };
    default:
      return { action: 'ask' };
  }
}

function rate(name: string, max: number, window: 'minute' | 'hour'): PolicyEntry {
  return { limits: [{ counter: `${name}_rate`.slice(0, 200), window, max, scope: 'grant' }] };
}
