import type { RpcMessage } from '../../main/core/codec/types.ts';
import type { CallFacts } from '../../main/core/policy/types.ts';
import type { Node } from './json-reader.ts';
import type { PythonSeen } from './python-reader.ts';
import { inBody, type Kind, kinds, onPipe, plainNumber, plainValue, viewsOf } from './readers.ts';

/** What the policy was asked about and allowed. */
export type Judged = Pick<CallFacts, 'tool' | 'args'>;

/** What one POST brought the server, and what the policy was asked about and allowed meanwhile. */
export interface Outcome {
  readonly posted: Buffer;
  readonly sent: readonly RpcMessage[];
  readonly allowed: readonly Judged[];
}

/**
 * The property: nothing reached the server, or every reader sees in what reached it exactly the messages that the gateway
 * saw and exactly the calls that the policy judged. Gives what is wrong.
 * @param framed what the bytes of a message become on a pipe
 */
export function differs(outcome: Outcome, framed: (raw: Buffer) => Buffer): string | undefined {
  const { posted, sent, allowed } = outcome;
  const calls = sent.filter(({ method }) => method === 'tools/call');
  if (calls.length !== allowed.length) return `${calls.length} calls were sent, ${allowed.length} allowed`;
  for (const message of sent) {
    if (!posted.includes(message.raw)) return `other bytes were sent: ${message.raw}`;
    const facts = message.method === 'tools/call' ? allowed[calls.indexOf(message)] : undefined;
    for (const [how, read, bytes] of [
      ['a body', inBody, message.raw],
      ['a pipe', onPipe, framed(message.raw)],
    ] as const) {
      const texts = new Map<boolean, Node[]>();
      for (const kind of kinds) {
        try {
          if (!texts.has(kind.lenient)) texts.set(kind.lenient, read(bytes, kind.lenient));
        } catch (error) {
          return `[${kind.name}, ${how}] cannot read it: ${(error as Error).message}`;
        }
        const problem = seen(texts.get(kind.lenient) as Node[], kind, message, facts);
        if (problem !== undefined) return `[${kind.name}, ${how}] ${problem}`;
      }
    }
  }
  return undefined;
}

function seen(
  documents: readonly Node[],
  kind: Kind,
  message: RpcMessage,
  facts: Judged | undefined,
): string | undefined {
  const views = viewsOf(documents, kind);
  const [view] = views;
  if (!view || views.length !== 1) return `sees ${views.length} messages instead of one`;
  if (view.kind !== message.kind) return `sees a ${view.kind}, not a ${message.kind}`;
  if (view.method !== (message.method && kind.method(message.method)))
    return `sees the method ${view.method}, not ${message.method}`;
  const id = message.id === undefined ? undefined : plainValue(JSON.parse(message.id), kind);
  // The id -0 is answered as 0 by most servers, so the gateway knows it as 0.
  if ((view.id === '-0' ? '0' : view.id) !== id) return `sees the id ${view.id}, not ${id}`;
  for (const [what, seen, own] of [
    ['progress token', view.token, message.progressToken],
    ['request to cancel', view.cancels, message.cancels],
  ]) {
    const held = own === undefined ? undefined : plainValue(JSON.parse(own), kind);
    if ((seen === '-0' ? '0' : seen) !== held) return `sees the ${what} ${seen}, not ${held}`;
  }
  if ((view.call !== undefined) !== (facts !== undefined)) return view.call ? 'sees a call' : 'sees no call';
  if (!view.call || !facts) return undefined;
  if (view.call.name !== facts.tool)
    return `sees the tool ${JSON.stringify(view.call.name)}, not ${JSON.stringify(facts.tool)}`;
  const args = plainValue(facts.args, kind);
  return view.call.args === args ? undefined : `sees the arguments ${view.call.args}, not ${args}`;
}

/**
 * The same, seen from a child only: the lines that it read after one POST.
 * @param posted the bytes of the POST: a line is them, with spaces for line breaks
 */
export function pipeDiffers(
  posted: Buffer,
  lines: readonly string[],
  allowed: readonly Judged[],
): string | undefined {
  if (lines.length > 1) return `${lines.length} lines were read`;
  const [line] = lines;
  if (line === undefined) return allowed.length > 0 ? 'an allowed call was not read' : undefined;
  if (line !== posted.toString('utf8').replace(/[\r\n]/g, ' ')) return 'other bytes were read';
  for (const kind of kinds) {
    const views = viewsOf(onPipe(Buffer.from(line), kind.lenient), kind);
    const calls = views.flatMap(({ call }) => call ?? []);
    if (views.length !== 1) return `[${kind.name}] sees ${views.length} messages`;
    if (calls.length !== allowed.length) return `[${kind.name}] sees ${calls.length} calls`;
    const [call, facts] = [calls[0], allowed[0]];
    if (!call || !facts) continue;
    if (call.name !== facts.tool) return `[${kind.name}] sees the tool ${call.name}, not ${facts.tool}`;
    const args = plainValue(facts.args, kind);
    if (call.args !== args) return `[${kind.name}] sees the arguments ${call.args}, not ${args}`;
  }
  return undefined;
}

/** The same for what Python's json module took of one message. */
export function pythonDiffers(
  found: PythonSeen,
  message: RpcMessage,
  facts: Judged | undefined,
): string | undefined {
  // What it cannot read it does not do; a call that was judged must be readable.
  if ('error' in found) return facts && `[Python] cannot read it: ${found.error}`;
  const [view] = found;
  if (!view || found.length !== 1) return `[Python] sees ${found.length} messages instead of one`;
  if (view.kind !== message.kind || view.method !== message.method)
    return `[Python] sees a ${view.kind} ${view.method}, not a ${message.kind} ${message.method}`;
  const id = message.id === undefined ? undefined : value(JSON.parse(message.id));
  if (JSON.stringify(python(view.id)) !== JSON.stringify(id))
    return `[Python] sees the id ${JSON.stringify(view.id)}, not ${message.id}`;
  if (!facts) return undefined;
  if (view.name !== facts.tool) return `[Python] sees the tool ${view.name}, not ${facts.tool}`;
  const [args, own] = [JSON.stringify(python(view.args)), JSON.stringify(value(facts.args))];
  return args === own ? undefined : `[Python] sees the arguments ${args}, not ${own}`;
}

type Marked = string | boolean | null | undefined | Marked[] | { n: string } | { o: [string, Marked][] };

/** Python's marked values with its spelling of numbers read as a double, and members in order of their keys. */
function python(marked: unknown): unknown {
  if (typeof marked !== 'object' || marked === null) return marked;
  if (Array.isArray(marked)) return marked.map(python);
  if ('n' in marked) return { n: plainNumber(whole(Number(String(marked.n).replace('inf', 'Infinity')))) };
  const { o } = marked as { o: [string, Marked][] };
  return { o: sorted(o.map(([key, item]) => [key, python(item)])) };
}

function value(own: unknown): unknown {
  if (typeof own === 'number') return { n: plainNumber(whole(own)) };
  if (typeof own !== 'object' || own === null) return own;
  if (Array.isArray(own)) return own.map(value);
  return { o: sorted(Object.entries(own).map(([key, item]) => [key, value(item)])) };
}

/** Python holds -0 as an integer, which has no sign of its own. */
function whole(number: number): number {
  return number === 0 ? 0 : number;
}

function sorted(members: [string, unknown][]): [string, unknown][] {
  return members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
