import type { ActionName, Category, RiskFlag, Severity } from '../../schemas/common.ts';
import type { SimpleLimit } from '../../schemas/server.ts';
import { count, number } from '../plural.ts';

export const tools = {
  columns: {
    tool: 'Tool',
    risk: 'Class',
    action: 'Rule',
    limit: 'Limit',
    lastCall: 'Last call',
    today: 'Today',
  },
  action: { allow: 'Allow', ask: 'Ask', deny: 'Deny', hide: 'Hide' } satisfies Record<ActionName, string>,
  actionHint: {
    allow: 'Calls pass.',
    ask: 'Each call waits for you.',
    deny: 'Calls are refused with a reason.',
    hide: 'The client does not see the tool.',
  } satisfies Record<ActionName, string>,
  actionFor: (tool: string): string => `Rule for ${tool}`,
  changed: (tool: string, action: ActionName): string => `${tool}: ${tools.action[action].toLowerCase()}.`,
  changedMany: (n: number, action: ActionName): string =>
    `${count(n, 'tool')}: ${tools.action[action].toLowerCase()}.`,
  category: {
    Read: 'Read',
    Write: 'Write',
    Execute: 'Execute',
    Destructive: 'Destructive',
    Financial: 'Financial',
  } satisfies Record<Category, string>,
  severity: { Low: 'Low', Medium: 'Medium', High: 'High', Critical: 'Critical' } satisfies Record<
    Severity,
    string
  >,
  flag: {
    secrets: 'secrets',
    privilege: 'privilege',
    egress: 'sends out',
    'untrusted-input': 'outside text',
    code: 'code',
    path: 'paths',
    bulk: 'bulk',
  } satisfies Record<RiskFlag, string>,
  flagHint: {
    secrets: 'returns or takes credentials',
    privilege: 'grants access',
    egress: 'sends data out of this machine',
    'untrusted-input': 'brings in text from outside',
    code: 'takes free-form code, a query or a command',
    path: 'takes file paths',
    bulk: 'acts on many things at once',
  } satisfies Record<RiskFlag, string>,
  why: (tool: string): string => `Why this class: ${tool}`,
  riskTitle: (category: Category, severity: Severity): string =>
    `${category}, ${severity.toLowerCase()} severity`,
  confidence: (value: number): string => `${Math.round(value * 100)} % certain`,
  noReasons: 'No signal was found; the class is a guess.',
  moreRules: 'More rules',
  moreRulesHint: 'The policy holds conditions or more limits for this tool. See the Policy tab.',
  limit: {
    none: 'No limit',
    text: (limit: SimpleLimit): string => `${number(limit.max)} / ${limit.window}`,
    edit: (tool: string): string => `Limit of ${tool}`,
    title: 'Limit',
    lead: 'How many calls each client may make.',
    max: 'Calls',
    window: 'Per',
    windows: { second: 'second', minute: 'minute', hour: 'hour', day: 'day' },
    save: 'Set limit',
    remove: 'Remove',
    saved: (tool: string): string => `The limit of ${tool} is set.`,
    removed: (tool: string): string => `${tool} has no limit now.`,
    bad: 'Give a whole number, 0 or more.',
  },
  /** Read out around the changed words of a diff. */
  diff: { added: 'Added:', removed: 'Removed:', end: 'End of change.' },
  filter: 'Filter tools',
  filterKinds: 'All classes',
  count: (shown: number, all: number): string =>
    shown === all ? count(all, 'tool') : `${number(shown)} of ${count(all, 'tool')}`,
  selected: (n: number): string => `${count(n, 'tool')} selected`,
  selectAll: 'Select all shown tools',
  select: (tool: string): string => `Select ${tool}`,
  clearSelection: 'Clear selection',
  setSelected: 'Set selected to',
  label: (server: string): string => `Tools of ${server}`,
  empty: {
    title: 'The tools were not listed yet',
    detail: 'Listing starts the server once, asks for its tools and stops it again.',
  },
  emptyServer: { title: 'This server has no tools', detail: 'It may offer resources or prompts only.' },
  noMatch: { title: 'No tool matches the filter', action: 'Clear the filter' },
};
