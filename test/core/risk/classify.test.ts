import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, type ToolFacts } from '../../../main/core/risk/classify.ts';
import { nameTokens } from '../../../main/core/risk/tokens.ts';
import { Risk } from '../../../shared/schemas/common.ts';

const of = (name: string, description = '', more: Partial<ToolFacts> = {}) =>
  classify({ name, description, ...more });
const args = (properties: object) => ({ inputSchema: { type: 'object', properties } });

describe('categories', () => {
  it.each([
    ['check_job_status', 'Check the status and progress of a background job', 'Read'],
    ['get_deleted_items', '', 'Read'],
    ['list_pull_requests', 'List pull requests', 'Read'],
    ['address_lookup', 'Look up an address', 'Read'],
    ['issue_read', 'Get information about an issue', 'Read'],
    ['run_status', 'Returns the status of a run', 'Read'],
    ['order_history', 'Returns past orders', 'Read'],
    ['publish_post', 'Publish a post', 'Write'],
    ['getOrCreateUser', '', 'Write'],
    ['check_out', '', 'Write'],
    ['find_and_replace', '', 'Write'],
    ['generate_image', 'generate_image', 'Write'],
    ['generate_image', 'Generate an image using Krea AI. Returns a job_id.', 'Execute'],
    ['run_query', 'Execute SQL queries', 'Execute'],
    ['bash', 'Run a shell command', 'Execute'],
    ['n8n_workflow_trigger', '', 'Execute'],
    ['delete_file', 'Delete a file', 'Destructive'],
    ['kv_namespace_delete', '', 'Destructive'],
    ['view_and_clear_logs', '', 'Destructive'],
    ['cleanup', 'Clean up old files', 'Destructive'],
    ['get_report', 'Get the report and delete it afterwards', 'Destructive'],
    ['finish', 'Finishes the project. This cannot be undone.', 'Destructive'],
    ['transfer_funds', '', 'Financial'],
    ['book_hotel', 'Book a hotel room', 'Financial'],
    ['create_refund', 'Process a refund', 'Financial'],
    ['acquire_number', 'Purchase a phone number', 'Financial'],
    ['create_subscription', 'Create a Pub/Sub subscription for a topic', 'Write'],
  ])('%s (%s) is %s', (name, description, category) => expect(of(name, description).category).toBe(category));

  it('nothing is called Read unless something says so', () => {
    for (const [name, description] of [
      ['xyz', ''],
      ['do', ''],
      ['tool', 'A tool.'],
      ['manager', 'Manages things'],
      ['', ''],
    ] as const)
      expect(of(name, description).category).not.toBe('Read');
  });

  it('a method argument is as severe as its worst choice', () => {
    const choices = (...options: string[]) => args({ method: { type: 'string', enum: options } });
    expect(of('label_tool', 'Label operations', choices('get', 'create')).category).toBe('Write');
    expect(of('get_labels', 'Get labels', choices('get', 'delete')).category).toBe('Destructive');
    expect(of('get_labels', 'Get labels', choices('get_one', 'list')).category).toBe('Read');
    expect(of('fetch', 'Fetch a URL', choices('GET', 'POST')).category).toBe('Execute');
  });

  it("a server's own words in a name are not verbs", () => {
    expect(
      classify({ server: 'post-hog', name: 'post_hog_events', description: 'List events' }).category,
    ).toBe('Read');
  });

  it('invisible and look-alike characters hide no verb behind Read', () => {
    expect(of('de\u200Blete_file', 'Get a file').category).toBe('Destructive');
    expect(of('get_file', 'De\u00ADletes a file').category).toBe('Destructive');
    // Cyrillic letters: not understood, so not sure.
    const alike = of('d\u0435lete_file', 'Get a file');
    expect(alike.confidence).toBeLessThan(0.6);
    expect(alike.reasons.join()).toContain('unclear: its text is in a language');
  });

  it('words have boundaries', () => {
    expect(nameTokens('HTTPGetXMLFile2')).toEqual(['http', 'get', 'xml', 'file2']);
    expect(nameTokens('d1_database-query.run')).toEqual(['d1', 'database', 'query', 'run']);
    expect(of('get_address').reasons.join()).not.toContain('add');
  });
});

describe('annotations', () => {
  const hints = (annotations: object) => ({ annotations });
  it('raise the category by themselves', () => {
    expect(of('get_x', 'Get x', hints({ readOnlyHint: false })).category).toBe('Write');
    const destructive = hints({ readOnlyHint: false, destructiveHint: true });
    expect(of('manage_x', 'Manage x', destructive)).toMatchObject({
      category: 'Destructive',
      severity: 'Critical',
    });
    expect(of('frobnicate', '', destructive).category).toBe('Destructive');
    expect(of('get_x', 'Get x', destructive).category).toBe('Destructive');
    expect(of('get_x', 'Get x', hints({ destructiveHint: true })).category).toBe('Destructive');
  });
  it('raise the severity where the text plainly says that something is changed or run', () => {
    const destructive = hints({ readOnlyHint: false, destructiveHint: true });
    const edits = 'Make line-based edits to a text file.';
    expect(of('edit_file', edits, destructive)).toMatchObject({ category: 'Write', severity: 'High' });
    expect(of('edit_file', edits, hints({ readOnlyHint: false }))).toMatchObject({ severity: 'Medium' });
    expect(of('run_job', 'Run a job', destructive)).toMatchObject({ category: 'Execute', severity: 'High' });
    expect(of('remove_x', 'Remove x', destructive)).toMatchObject({ category: 'Destructive' });
    expect(of('edit_file', `${edits} Then deletes the old one.`, destructive).category).toBe('Destructive');
  });
  it('lower it only where the text agrees', () => {
    expect(of('delete_x', 'Delete x', hints({ readOnlyHint: true })).category).toBe('Destructive');
    expect(of('create_x', 'Create x', hints({ readOnlyHint: true })).category).toBe('Write');
    expect(of('xyz', '', hints({ readOnlyHint: true })).category).toBe('Write');
    expect(of('run_report', 'Runs a read-only report', hints({ readOnlyHint: true })).category).toBe('Read');
    expect(of('pay_invoice', 'A read-only tool', hints({ readOnlyHint: true })).category).toBe('Financial');
  });
  it('a destructive hint together with read-only means nothing, as the specification says', () => {
    expect(of('get_x', 'Get x', hints({ readOnlyHint: true, destructiveHint: true })).category).toBe('Read');
  });
});

describe('flags and severity', () => {
  it.each([
    ['get_secret', 'Read a secret from the vault', {}, 'High', ['secrets']],
    ['login', 'Sign in', { password: {} }, 'High', ['secrets']],
    ['grant_role', 'Grant a role to a user', {}, 'High', ['privilege']],
    ['send_email', 'Send an email', { to: {} }, 'High', ['egress']],
    ['update_many', 'Update documents', {}, 'High', ['bulk']],
    ['bash', 'Run a command', { command: {} }, 'High', ['code']],
    ['read_file', 'Read a file', { path: {} }, 'Low', ['path']],
    ['fetch_page', 'Fetch a web page', { url: {} }, 'Low', ['untrusted-input']],
    ['get_thing', 'Get a thing', { page_token: {}, max_tokens: {} }, 'Low', []],
  ])('%s', (name, description, properties, severity, flags) => {
    expect(of(name, description, args(properties))).toMatchObject({ severity, flags });
  });
  it('every result carries its reasons', () => {
    expect(
      of('delete_files', 'Delete files for good', args({ file_ids: { type: 'array' } })).reasons,
    ).toEqual([
      'name begins with delete',
      'description begins with delete',
      'bulk: argument file_ids is a list',
    ]);
  });
});

describe('robustness', () => {
  it('gives a valid answer, the same each time, for any definition', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        (name, description, inputSchema, annotations) => {
          const tool = { name, description, inputSchema, annotations };
          const risk = classify(tool);
          expect(Risk.parse(risk)).toEqual(risk);
          expect(classify(tool)).toEqual(risk);
        },
      ),
    );
  });
  const nested = (depth: number) => {
    let schema: object = { type: 'string' };
    for (let i = 0; i < depth; i++) schema = { allOf: [schema], anyOf: [schema] };
    return schema;
  };
  const growing = () => {
    let schema: object = { type: 'string' };
    for (let i = 0; i < 30; i++) schema = { anyOf: Array(20).fill(schema), properties: { a: schema } };
    return schema;
  };
  it.each([
    ['choices of choices', growing()],
    ['a million choices', { anyOf: Array(1_000_000).fill({ properties: { a: {} } }) }],
    ['depth', nested(100_000)],
    ['a huge enum', { properties: { x: { enum: Array(1_000_000).fill('delete') } } }],
    ['many types', { properties: { x: { type: Array(100_000).fill('array') } } }],
  ])('looks at a bounded part of a schema with %s', (_, inputSchema) => {
    // Counted, not timed: how often the schema is looked at.
    let looks = 0;
    const watched = (value: object): object =>
      new Proxy(value, {
        get(target, key, receiver) {
          looks++;
          const got: unknown = Reflect.get(target, key, receiver);
          return typeof got === 'object' && got !== null ? watched(got) : got;
        },
      });
    expect(of('get_x', 'Get x '.repeat(100_000), { inputSchema: watched(inputSchema) }).category).toBe(
      'Read',
    );
    expect(looks).toBeLessThan(500_000);
  });
});
