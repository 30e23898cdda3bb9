import type { Labelled, Scored } from '../main/core/risk/scoreboard.ts';

const NO_MONEY_MOVES = 'It tells of money and moves none: Read, by the rule that money has to move.';

/** Who is right where the classifier and the catalogue's label differ, and why, as a person judged it. */
const JUDGEMENTS: Readonly<Record<string, readonly [verdict: string, why: string]>> = {
  pricing: ['label wrong', NO_MONEY_MOVES],
  get_invoice: ['label wrong', NO_MONEY_MOVES],
  get_refund: ['label wrong', NO_MONEY_MOVES],
  list_invoices: ['label wrong', NO_MONEY_MOVES],
  list_subscription_plans: ['label wrong', NO_MONEY_MOVES],
  show_subscription_details: ['label wrong', NO_MONEY_MOVES],
  show_subscription_plan_details: ['label wrong', NO_MONEY_MOVES],
  list_charges: ['label wrong', NO_MONEY_MOVES],
  list_payment_intents: ['label wrong', NO_MONEY_MOVES],
  list_subscriptions: ['label wrong', NO_MONEY_MOVES],
  subscription: ['label wrong', 'A cloud subscription is an account, and it is listed.'],
  chargebee_documentation_search: [
    'label wrong',
    'It searches documentation; only the server is about money.',
  ],
  chargebee_code_planner: [
    'label wrong',
    'It writes sample code; only the server is about money. Nothing says that it reads, so Write.',
  ],
  wait_for: ['arguable', 'Waiting changes nothing. Low confidence.'],
  wait_for_run_to_complete: ['arguable', 'Waiting for a run changes nothing. Low confidence.'],
  validate_node: ['label wrong', 'Checking changes nothing.'],
  validate_workflow: ['label wrong', 'Checking changes nothing.'],
  n8n_validate_workflow: ['label wrong', 'Checking changes nothing.'],
  manage_notification_subscription: [
    'label wrong',
    'A subscription to notifications costs nothing. With its schema and annotations it is Destructive.',
  ],
  manage_repository_notification_subscription: [
    'label wrong',
    'A subscription to notifications costs nothing. With its schema and annotations it is Destructive.',
  ],
  new_page: [
    'arguable',
    'Opening a browser tab runs what the page holds; the words only say that something is opened.',
  ],
  select_page: ['arguable', 'It changes which tab is in front and runs nothing.'],
  close_page: ['arguable', 'It closes a tab and runs nothing.'],
  cognify: ['arguable', 'A transformation that stores its result; long-running, so Execute can be meant.'],
  hover: ['arguable', 'Moving the pointer triggers scripts of the page.'],
  n8n_deploy_template: [
    'label wrong',
    'Deploying is Execute, as for the other deploying tools of the catalogue.',
  ],
  'write-cypher': ['arguable', 'It writes, by running free-form queries: the more severe one counts.'],
  create_execution: ['label wrong', 'It triggers a flow.'],
  create_verification: ['arguable', 'It starts a call or a message to a phone.'],
  runOneoffQuery: [
    'arguable',
    'It runs code that the caller writes; only the description says read-only, and no annotation was given.',
  ],
  query_clickhouse: ['we are right to be careful', 'Free-form SQL, and nothing says that it only reads.'],
  complete_query_tuning: ['label wrong', 'It applies changes to a database.'],
  create_order: ['label wrong', 'An order with a payment service is the beginning of a payment.'],
  create_incoming_phone_number: ['label wrong', 'It purchases a number.'],
};

/** The disagreements as the Markdown table of docs/risk.md: names, both categories and the judgement, no third-party text. */
export function disagreementTable(
  misses: readonly Scored<Labelled & { readonly name: string; readonly server?: unknown }>[],
): string {
  const lines = misses.map(({ row, risk }) => {
    const [verdict, why] = JUDGEMENTS[row.name] ?? ['not judged yet', ''];
    return `| ${String(row.server)} | \`${row.name}\` | ${row.label} | ${risk.category} | ${verdict} | ${why} |`;
  });
  return [
    '| Server | Tool | Label | Ours | Who is right | Why |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
