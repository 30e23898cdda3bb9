import { type Node, readAll } from './json-reader.ts';
import { get, kinds } from './readers.ts';

/**
 * The headers that repeat a body in revision 2026-07-28, as a client would write them that means what the last of a key
 * says. A body that cannot be read gets those of a call.
 */
export function mirrorOf(body: Buffer): Record<string, string> {
  const text = body.toString('utf8');
  let document: Node | undefined;
  try {
    [document] = readAll(text, true);
  } catch {
    document = undefined;
  }
  const [last] = kinds;
  const at = (...path: string[]): string | undefined => {
    let node = document;
    for (const key of path) node = node && last && get(node, key, last);
    return node?.is === 'string' ? node.text : undefined;
  };
  const headers: Record<string, string> = {
    'mcp-protocol-version': coded(
      at('params', '_meta', 'io.modelcontextprotocol/protocolVersion') ?? '2026-07-28',
    ),
    'mcp-method': at('method')?.replace(/[^\x20-\x7e]/g, '?') ?? 'tools/call',
  };
  const name = at('params', at('method') === 'resources/read' ? 'uri' : 'name');
  if (name !== undefined) headers['mcp-name'] = coded(name);
  return headers;
}

/** A value as that revision writes it into a header. */
function coded(value: string): string {
  return /^[\x21-\x7e]*$/.test(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}
