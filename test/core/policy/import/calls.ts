type Said = 'allow' | 'deny';
export interface Row {
  /** Time of day (UTC). */
  readonly at: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** The server answers with an error. */
  readonly fails?: true;
  readonly original: Said;
  readonly ours: Said | 'hide';
  /** Why the two differ; also where they agree for a reason worth knowing. */
  readonly why?: string;
}
const row = (
  at: string,
  tool: string,
  args: Record<string, unknown>,
  ...[original, ours = original, why, fails]: [original: Said, ours?: Row['ours'], why?: string, fails?: true]
): Row => ({ at, tool, args, original, ours, ...(why ? { why } : {}), ...(fails ? { fails } : {}) });

const WHY = {
  hidden: 'Hidden tools answer "Unknown tool" here, so that their names are not given away.',
  noPattern: 'A `*` within a name is no pattern in the original, so that entry is left out.',
  negative: 'A negative amount would make room for more spending; here it is denied.',
  afterNegative: 'Fits in the original only because of the negative payment before.',
  decimals: 'Counted as 0 in the original, as 0.5 here.',
  failed: 'The server answers with an error: the original gives the amount back, here it stays counted.',
  busy: 'The original let 120 000 be spent by then (with the negative payment), here it was 104 000.5, and the bound is 110 000.',
  disguised: 'A `..` segment leaves the folder that the pattern names.',
  lines: 'The text goes on after a line break, behind what the pattern looks at.',
  fewer: 'Two of the three before were denied here, so this one still fits.',
  otherType:
    'A list is no text; the original compares how both print, finds them different, and lets it pass.',
  sliding: 'The window slides here; in the original a new one began at the full hour or minute.',
  slid: 'The calls before 09:58:30 have left the sliding window; the window of the calendar still holds three.',
  printed: 'The numbers 1 and 2 as texts: both take them for the same.',
  twin: 'There is another argument that reads as "owner", which a lenient server may take instead.',
} as const;

const issue = { repo: 'shop/web', state: 'open', labels: ['agent'] };
const move = { meta: { ticket: 'T-1' }, mode: 1, tier: 2, owner: 'ann' };

/** Calls one after the other on test/fixtures/policy-import/shop.yaml. */
export const CALLS: readonly Row[] = [
  row('08:00:00', 'list_orders', {}, 'allow'),
  row('08:00:05', 'list_orders', { page: 2 }, 'allow'),
  row('08:00:06', 'list_orders', { trace: true }, 'deny'),
  row('08:00:07', 'list_orders', { trace: null }, 'allow'),
  row('08:00:08', 'get_order', { id: 1 }, 'deny'),
  row('08:00:09', 'read_notes', {}, 'deny', 'deny', WHY.noPattern),
  row('08:00:10', 'drop_ledger', {}, 'deny', 'hide', WHY.hidden),
  row('08:00:11', 'wipe_cache', {}, 'deny', 'deny', WHY.noPattern),
  row('08:00:12', 'delete_customer', { reason: 'asked' }, 'deny'),
  row('08:00:13', 'delete_customer', {}, 'deny'),
  // create_payment
  row('08:10:00', 'create_payment', { amount: 50_000, currency: 'eur' }, 'allow'),
  row('08:10:01', 'create_payment', { amount: 50_001, currency: 'eur' }, 'deny'),
  row('08:10:02', 'create_payment', { amount: 100, currency: 'chf' }, 'deny'),
  row('08:10:03', 'create_payment', { amount: 100 }, 'deny'),
  row('08:10:04', 'create_payment', { currency: 'eur' }, 'deny'),
  row('08:10:05', 'create_payment', { amount: '100', currency: 'eur' }, 'deny'),
  row('08:10:06', 'create_payment', { amount: 100, currency: ['eur'] }, 'deny'),
  row('08:10:07', 'create_payment', { amount: 100, currency: 'EUR' }, 'deny'),
  row('08:10:08', 'create_payment', { amount: 45_000, currency: 'usd' }, 'allow'),
  row('08:10:09', 'create_payment', { amount: 30_000, currency: 'usd' }, 'deny'),
  row('08:10:10', 'create_payment', { amount: -20_000, currency: 'usd' }, 'allow', 'deny', WHY.negative),
  row('08:10:11', 'create_payment', { amount: 40_000, currency: 'usd' }, 'allow', 'deny', WHY.afterNegative),
  row('08:10:12', 'create_payment', { amount: 0.5, currency: 'usd' }, 'allow', 'allow', WHY.decimals),
  row('08:10:13', 'create_payment', { amount: 4000, currency: 'usd' }, 'allow', 'allow', WHY.failed, true),
  row('08:10:14', 'create_payment', { amount: 5000, currency: 'usd' }, 'allow'),
  // refund_payment
  row('08:20:00', 'refund_payment', { amount: 100 }, 'deny', 'allow', WHY.busy),
  row('08:20:01', 'refund_payment', { amount: 0 }, 'deny'),
  row('08:20:02', 'refund_payment', { amount: 10_001 }, 'deny'),
  row('08:20:03', 'refund_payment', { amount: true }, 'deny'),
  row('08:20:04', 'refund_payment', { amount: 10_000 }, 'deny', 'allow', WHY.busy),
  row('08:20:05', 'refund_payment', { amount: 1 }, 'deny', 'allow', WHY.busy),
  row('08:20:06', 'refund_payment', { amount: 1 }, 'deny'),
  // open_issue
  row('09:58:00', 'open_issue', issue, 'allow'),
  row('09:58:01', 'open_issue', { ...issue, repo: 'other/web' }, 'deny'),
  row('09:58:02', 'open_issue', { ...issue, repo: ['shop/web'] }, 'deny'),
  row('09:58:03', 'open_issue', { ...issue, repo: 'shop/../other/web' }, 'allow', 'deny', WHY.disguised),
  row('09:58:04', 'open_issue', { ...issue, repo: 'shop/web\nother/web' }, 'allow', 'deny', WHY.lines),
  row('09:58:05', 'open_issue', issue, 'deny', 'allow', WHY.fewer),
  row('10:00:00', 'open_issue', issue, 'allow'),
  row('10:00:01', 'open_issue', { ...issue, state: 'draft' }, 'deny'),
  row('10:00:02', 'open_issue', { ...issue, state: undefined }, 'deny'),
  row('10:00:03', 'open_issue', { ...issue, state: ['draft'] }, 'allow', 'deny', WHY.otherType),
  row('10:00:04', 'open_issue', { ...issue, labels: ['bug'] }, 'deny'),
  row('10:00:05', 'open_issue', { ...issue, labels: [] }, 'deny'),
  row('10:00:06', 'open_issue', { ...issue, labels: 'by agent 7' }, 'allow', 'deny', WHY.sliding),
  row('10:58:30', 'open_issue', issue, 'deny', 'allow', WHY.slid),
  row('11:00:00', 'open_issue', issue, 'allow'),
  // move_file
  row('12:00:00', 'move_file', move, 'allow'),
  row('12:00:01', 'move_file', { ...move, mode: 'copy', tier: 2.0 }, 'allow'),
  row('12:00:02', 'move_file', { ...move, mode: '1', tier: '2' }, 'allow', 'allow', WHY.printed),
  row('12:00:03', 'move_file', { ...move, mode: 'link' }, 'deny'),
  row('12:00:04', 'move_file', { ...move, tier: 3 }, 'deny'),
  row('12:00:05', 'move_file', { ...move, tier: [2] }, 'deny'),
  row('12:00:06', 'move_file', { ...move, owner: 'root' }, 'deny'),
  row('12:00:07', 'move_file', { ...move, owner: ['root'] }, 'allow', 'deny', WHY.otherType),
  row('12:00:08', 'move_file', { ...move, owner: undefined }, 'deny'),
  row('12:00:09', 'move_file', { ...move, force: true }, 'deny'),
  row('12:00:10', 'move_file', { ...move, force: null }, 'allow'),
  row('12:00:11', 'move_file', { ...move, meta: {} }, 'deny'),
  row('12:00:12', 'move_file', { ...move, meta: 'T-1' }, 'deny'),
  row('12:00:13', 'move_file', { ...move, meta: { ticket: null } }, 'deny'),
  row('12:00:14', 'move_file', { ...move, meta: { ticket: '' } }, 'allow'),
  row('12:00:15', 'move_file', { ...move, Owner: 'root' }, 'allow', 'deny', WHY.twin),
  // the pace of everything together: twelve in a minute
  ...Array.from({ length: 12 }, (_, i) => row(`13:00:${30 + i}`, 'list_orders', { page: i }, 'allow')),
  row('13:00:50', 'list_orders', {}, 'deny'),
  row('13:01:00', 'list_orders', {}, 'allow', 'deny', WHY.sliding),
  row('13:01:30', 'list_orders', {}, 'allow'),
];

/** The table of docs/policy-import.md. */
export function tableOfCalls(): string {
  const lines = CALLS.map((row, i) => {
    const args = JSON.stringify(row.args);
    const cells = [
      i + 1,
      row.at,
      row.tool,
      `\`${args}\`${row.fails ? ' (server error)' : ''}`,
      row.original,
      row.ours === row.original ? row.ours : `**${row.ours}**`,
      row.why ?? '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| # | time | tool | arguments | original | here | why |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
