import type { Listed } from '../whole-core.ts';

/** The twenty tools of a developer's day, described and annotated as servers of these kinds describe theirs. */

const text = { type: 'string' };
const whole = { type: 'integer' };
const tool = (
  name: string,
  description: string,
  properties: Record<string, object>,
  annotations?: object,
): Listed => ({
  name,
  description,
  inputSchema: { type: 'object', properties, required: Object.keys(properties).slice(0, 1) },
  ...(annotations ? { annotations } : {}),
});
const reads = { readOnlyHint: true };

export const DAY: Record<string, readonly Listed[]> = {
  filesystem: [
    tool(
      'read_text_file',
      'Read the complete contents of a file from the file system as text.',
      { path: text, head: whole },
      reads,
    ),
    tool(
      'list_directory',
      'Get a detailed listing of all files and directories in a specified path.',
      { path: text },
      reads,
    ),
    tool(
      'search_files',
      'Recursively search for files and directories matching a pattern.',
      { path: text, pattern: text },
      reads,
    ),
    tool(
      'write_file',
      'Create a new file or completely overwrite an existing file with new content.',
      { path: text, content: text },
      { readOnlyHint: false, idempotentHint: true, destructiveHint: true },
    ),
    tool(
      'edit_file',
      'Make line-based edits to a text file. Each edit replaces exact line sequences with new content.',
      { path: text, edits: { type: 'array', items: { type: 'object' } } },
      { readOnlyHint: false, idempotentHint: false, destructiveHint: true },
    ),
  ],
  git: [
    tool('list_issues', 'List issues in a repository.', { owner: text, repo: text, state: text }, reads),
    tool(
      'pull_request_read',
      'Get information on a specific pull request in a repository.',
      { owner: text, repo: text, pullNumber: whole, method: text },
      reads,
    ),
    tool('search_code', 'Fast and precise code search across all repositories.', { query: text }, reads),
    tool(
      'create_issue',
      'Create a new issue in a repository.',
      { owner: text, repo: text, title: text, body: text },
      { readOnlyHint: false },
    ),
    tool(
      'add_issue_comment',
      'Add a comment to a specific issue in a repository.',
      { owner: text, repo: text, issue_number: whole, body: text },
      { readOnlyHint: false },
    ),
    tool(
      'merge_pull_request',
      'Merge a pull request in a repository.',
      { owner: text, repo: text, pullNumber: whole, merge_method: text },
      { readOnlyHint: false },
    ),
  ],
  mail: [
    tool('search_emails', 'Search for emails with a query.', { query: text, maxResults: whole }),
    tool('read_email', 'Retrieve the content of a specific email.', { messageId: text }),
    tool('send_email', 'Send a new email.', {
      to: { type: 'array', items: text },
      subject: text,
      body: text,
    }),
  ],
  shell: [
    tool('run_command', 'Execute a shell command in the project folder and return its output.', {
      command: text,
      cwd: text,
    }),
  ],
  database: [
    tool('list_tables', 'List all tables in the database.', { schema: text }, reads),
    tool('query', 'Run a read-only SQL query.', { sql: text }, reads),
  ],
  payments: [
    tool('list_invoices', 'List invoices of a customer.', { customer: text, limit: whole }, reads),
    tool('retrieve_balance', 'Retrieve the current account balance.', { currency: text }, reads),
    tool(
      'create_refund',
      'Create a refund of a payment.',
      { payment_intent: text, amount: whole },
      { destructiveHint: false },
    ),
  ],
};
