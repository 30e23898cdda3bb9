/** What every server of the bench does, whatever carries it, so that only the carrier differs. */

interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly text?: string } };
}

/** The answer to one message as JSON text; undefined for a notification. */
export type Behave = (json: string) => string | undefined;

/** @param tools how many tools are listed; the first is `echo`, which gives its argument `text` back. */
export function behaviour(tools: number): Behave {
  const list = Array.from({ length: tools }, (_, index) => toolAt(index));
  return (json) => {
    const { id, method, params } = JSON.parse(json) as Message;
    if (id === undefined) return undefined;
    switch (method) {
      case 'initialize':
        return result(id, {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'bench', version: '1' },
        });
      case 'tools/list':
        return result(id, { tools: list });
      case 'tools/call':
        return result(id, { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] });
      default:
        return result(id, {});
    }
  };
}

function result(id: number | string, value: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: value });
}

const VERBS = ['get', 'list', 'search', 'create', 'update', 'delete', 'send', 'export'];
const THINGS = ['issue', 'file', 'invoice', 'user', 'message', 'branch', 'record', 'report', 'job', 'key'];

/** Definitions of the size that real servers list: about 900 bytes, with schema, annotations and a member of their own. */
function toolAt(index: number): object {
  if (index === 0) {
    return {
      name: 'echo',
      description: 'Gives the text back.',
      inputSchema: { type: 'object', properties: { text: { type: 'string' }, n: { type: 'integer' } } },
    };
  }
  const verb = VERBS[index % VERBS.length];
  const thing = THINGS[Math.floor(index / VERBS.length) % THINGS.length];
  return {
    name: `${verb}_${thing}_${index}`,
    title: `${verb} ${thing}`,
    description: `Use this tool to ${verb} one ${thing} of the workspace, or several by a filter. Returns what was found with its links, and the time of its last change. Number ${index}.`,
    inputSchema: {
      type: 'object',
      properties: {
        id: { type: 'string', description: `The id of the ${thing}` },
        filter: { type: 'object', properties: { text: { type: 'string' }, since: { type: 'string' } } },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        format: { type: 'string', enum: ['json', 'markdown', 'csv'] },
      },
      required: ['id'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: index % VERBS.length < 3, destructiveHint: verb === 'delete' },
    'x-vendor': { order: index, weight: 1.0 },
  };
}
