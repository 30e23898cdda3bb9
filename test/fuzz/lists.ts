import { parseFromServer } from '../../main/core/codec/index.ts';
import { gatewayWithFakes, type Parts, tool } from '../fakes/gateway-parts.ts';
import { RawClient } from '../fakes/raw-client.ts';
import { anyListing } from './answers.ts';
import { Random } from './random.ts';
import { inBody, kinds, plainValue, toolsIn } from './readers.ts';

const HIDDEN = ['secret_tool', 'secret_tool2'];
const MARK = 'nothing was listed yet';

export interface ListCounts {
  shown: number;
  changed: number;
}

/**
 * Lets a server answer tools/list in many ways. The property: the client gets an error, or every reader sees the same
 * tools with the same definitions, those of the catalogue (which are pinned and judged), and none that is hidden.
 * @throws Error that names the first failing case
 */
export async function fuzzLists(seed: number, cases: number): Promise<ListCounts> {
  const parts = await gatewayWithFakes();
  for (const name of HIDDEN) parts.rules.set(name, { decision: 'hide' });
  let answer = '';
  parts.server.handle = (message, connection) => {
    if (message.method !== 'tools/list') return false;
    connection.say(answer);
    return true;
  };
  const client = new RawClient(parts.url());
  await client.initialize();
  const counts = { shown: 0, changed: 0 };
  try {
    for (let at = 0; at < cases; at++) {
      answer = anyListing(new Random(seed ^ Math.imul(at + 1, 0x9e3779b1)), '7');
      if (!answersSeven(answer)) continue;
      parts.catalogue.replace('files', [tool(MARK)]);
      const { body, last } = await client.send('{"jsonrpc":"2.0","id":7,"method":"tools/list"}');
      if (last.error) continue;
      counts.shown++;
      if (body !== answer) counts.changed++;
      const problem = wrong(parts, body);
      if (problem !== undefined)
        throw new Error(`Case ${at} of seed ${seed}: ${problem}\nthe server: ${answer}\nthe client: ${body}`);
    }
  } finally {
    await parts.stop();
  }
  return counts;
}

/** What does not answer this request is dropped before it is looked at. */
function answersSeven(text: string): boolean {
  const parsed = parseFromServer(Buffer.from(text));
  return parsed.ok && 'message' in parsed && parsed.message.kind === 'response' && parsed.message.id === '7';
}

function wrong(parts: Parts, shown: string): string | undefined {
  const catalogue = parts.catalogue.list('files') ?? [];
  // After a first page of several nothing is in the catalogue yet.
  const complete = catalogue[0]?.name !== MARK;
  // Of a name listed twice only the first is judged, so only the first is shown.
  const listed = catalogue.filter(
    ({ name, definition }, at) =>
      typeof definition.name === 'string' &&
      !HIDDEN.includes(name) &&
      catalogue.findIndex((other) => other.name === name) === at,
  );
  for (const kind of kinds) {
    const documents = inBody(Buffer.from(shown), kind.lenient);
    const [document] = documents;
    if (!document || documents.length > 1) return `[${kind.name}] sees ${documents.length} answers`;
    const tools = (toolsIn(document, kind) ?? []).filter(({ name }) => typeof name === 'string');
    const secret = tools.find(({ name }) => HIDDEN.includes(String(name)));
    if (secret) return `[${kind.name}] sees ${secret.name}`;
    if (!complete) continue;
    const own = listed.map(({ definition }) =>
      plainValue(definition, { ...kind, argumentKey: (key) => key }),
    );
    const seen = tools.map(({ definition }) => definition);
    if (JSON.stringify(seen) !== JSON.stringify(own)) return `[${kind.name}] sees ${seen}, not ${own}`;
  }
  return undefined;
}
