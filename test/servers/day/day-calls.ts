/** What an agent asks for on a developer's day: mostly reading, some writing, a few grave things, spread over nine hours. */
export interface DayCall {
  readonly server: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Time since the call before, ms. */
  readonly wait: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** The folder of the project that is worked on. */
const PROJECT = '/home/ada/work/atlas';
const FILES = [
  'src/server.ts',
  'src/routes/users.ts',
  'src/routes/invoices.ts',
  'src/db/pool.ts',
  'src/mail/templates.ts',
  'test/users.test.ts',
  'package.json',
  'README.md',
  'docs/release.md',
];
const repo = { owner: 'ada', repo: 'atlas' };

/** How often each tool is called, and with what. `n` counts the calls of that tool. */
const MIX: readonly [server: string, tool: string, times: number, args: (n: number) => object][] = [
  [
    'filesystem',
    'read_text_file',
    46,
    (n) => ({ path: `${PROJECT}/${FILES[n % FILES.length]}`, ...(n % 4 === 0 ? { head: 80 } : {}) }),
  ],
  [
    'filesystem',
    'list_directory',
    18,
    (n) => ({ path: [PROJECT, `${PROJECT}/src`, `${PROJECT}/test`][n % 3] }),
  ],
  [
    'filesystem',
    'search_files',
    10,
    (n) => ({ path: PROJECT, pattern: ['*.test.ts', 'invoice*', 'TODO'][n % 3] }),
  ],
  ['git', 'list_issues', 8, (n) => ({ ...repo, state: n % 2 === 0 ? 'open' : 'closed' })],
  [
    'git',
    'pull_request_read',
    13,
    (n) => ({ ...repo, pullNumber: 410 + (n % 5), method: n % 2 ? 'get_diff' : 'get' }),
  ],
  [
    'git',
    'search_code',
    12,
    (n) => ({ query: `repo:ada/atlas ${['createPool', 'sendReceipt', 'retry'][n % 3]}` }),
  ],
  ['mail', 'search_emails', 6, (n) => ({ query: `from:support after:2026/11/${10 + n}`, maxResults: 10 })],
  ['mail', 'read_email', 10, (n) => ({ messageId: `18c${n}f2a` })],
  ['database', 'list_tables', 3, () => ({ schema: 'public' })],
  [
    'database',
    'query',
    13,
    (n) => ({ sql: `select id, total from invoices where customer_id = ${n} order by id desc limit 20` }),
  ],
  ['payments', 'list_invoices', 4, (n) => ({ customer: `cus_${n}`, limit: 10 })],
  ['payments', 'retrieve_balance', 2, () => ({ currency: 'eur' })],

  [
    'filesystem',
    'edit_file',
    14,
    (n) => ({
      path: `${PROJECT}/${FILES[n % 6]}`,
      edits: [{ oldText: `const a${n} = 1;`, newText: `const a${n} = 2;` }],
    }),
  ],
  [
    'filesystem',
    'write_file',
    5,
    (n) => ({ path: `${PROJECT}/src/new-${n}.ts`, content: `export const value = ${n};\n` }),
  ],
  ['git', 'create_issue', 5, (n) => ({ ...repo, title: `Follow-up ${n}`, body: 'Found while reviewing.' })],
  [
    'git',
    'add_issue_comment',
    9,
    (n) => ({ ...repo, issue_number: 300 + n, body: `Done in #${410 + (n % 5)}.` }),
  ],
  ['git', 'merge_pull_request', 3, (n) => ({ ...repo, pullNumber: 410 + n, merge_method: 'squash' })],
  [
    'mail',
    'send_email',
    5,
    (n) => ({ to: [`customer${n}@example.com`], subject: 'Your invoice', body: 'Here it is.' }),
  ],

  [
    'shell',
    'run_command',
    12,
    (n) => ({
      command: ['npm test', 'npm run build', 'npm test', 'npm run lint', 'npm test', 'npm test'][n % 6],
      cwd: PROJECT,
    }),
  ],
  ['payments', 'create_refund', 2, (n) => ({ payment_intent: `pi_${n}`, amount: 1900 + n })],
];

/** The calls of one day in order, always the same: each tool's calls are spread evenly, as work goes back and forth. */
export function dayCalls(): DayCall[] {
  const placed = MIX.flatMap(([server, tool, times, args], row) =>
    Array.from({ length: times }, (_, n) => ({
      server,
      tool,
      args: args(n) as Record<string, unknown>,
      at: (n + 0.5) / times + row / 10_000,
    })),
  ).sort((a, b) => a.at - b.at);
  // Calls come in bunches: a few seconds apart while the agent works, minutes apart between two tasks of a person.
  return placed.map(({ server, tool, args }, index) => ({
    server,
    tool,
    args,
    wait: index % 20 === 0 ? 50 * MINUTE : (3 + (index % 5)) * SECOND,
  }));
}
