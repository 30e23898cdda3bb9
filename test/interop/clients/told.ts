import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { drawbridge, type Home } from '../kit.ts';
import type { Check, Place } from './program.ts';

interface Waiting {
  readonly id: string;
  readonly tool: string;
}

/**
 * How long clients under test wait for a tool, s, by their own setting: they give up while a person is asked. Where a client has no
 * such setting, or notes a time-out in its file, the gateway lets the call go first.
 */
export const TOOL_SECONDS = 20;

const POLICY = {
  version: '1',
  default: 'allow',
  tools: {
    echo: { action: 'ask' },
    'get-structured-content': { action: 'ask' },
    'get-env': { action: 'deny', reason: 'Variables stay here.' },
  },
};
const CHANGED = 'The person at this machine changed the arguments of this call';

/**
 * What the program puts before its model, in one conversation through the gateway: that arguments were changed (of a result
 * that is text, and of one that is structured), why a call was denied, and that an approval is pending once the gateway has
 * learned how long this client waits.
 * @returns in few words
 */
export async function told(check: Check, program: string, place: Place): Promise<string> {
  const { home, model } = place;
  const [sent, ran, late] = [randomUUID(), randomUUID(), randomUUID()];
  const set = await drawbridge(
    home,
    'policy',
    'set',
    'everything',
    home.write('asks.json', JSON.stringify(POLICY)),
  );
  assert.equal(set.code, 0, set.stdout + set.stderr);
  const edits = {
    echo: home.write('echo.json', JSON.stringify({ message: ran })),
    'get-structured-content': home.write('place.json', JSON.stringify({ location: 'Chicago' })),
  };
  model.play([
    { name: 'edited', tool: 'echo', args: { message: sent } },
    { name: 'structured', tool: 'get-structured-content', args: { location: 'New York' } },
    { name: 'denied', tool: 'get-env', args: {} },
    { name: 'late', tool: 'echo', args: { message: late } },
    { name: 'pending', tool: 'echo', args: { message: late } },
  ]);
  const answering = answer(home, edits);
  const talking = check.talk?.(program, place).finally(() => answering.stop());
  const [said] = await Promise.all([talking, answering.done]);
  const [edited = '', structured = '', denied = '', , pending = ''] = model.results();
  const all = `${model.results().join('\n---\n')}\nIt was asked:\n${model.requests().join('\n')}\nThe program said:\n${said}`;
  for (const result of [edited, structured])
    assert.ok(result.includes(CHANGED), `the model is not told that its arguments were changed:\n${all}`);
  assert.ok(edited.includes(`Echo: ${ran}`), `the model does not get the result:\n${all}`);
  assert.ok(structured.includes('Chicago'), `the model does not get the arguments that ran:\n${all}`);
  assert.match(denied, /Variables stay here\./, `the model is not told why a call was denied:\n${all}`);
  assert.match(pending, /approval pending \(/, `the model is not told that an approval is pending:\n${all}`);
  return 'edited, structured, denied, pending';
}

/** Answers the first question about each tool with other arguments, and none after it. */
function answer(home: Home, edits: Readonly<Record<string, string>>): { stop(): void; done: Promise<void> } {
  let stopped = false;
  const open = new Map(Object.entries(edits));
  const work = async (): Promise<void> => {
    while (!stopped && open.size > 0) {
      const waiting = (await drawbridge(home, 'approvals', '--json')).json() as Waiting[];
      for (const { id, tool } of waiting) {
        const file = open.get(tool);
        if (file === undefined) continue;
        open.delete(tool);
        const { code, stdout, stderr } = await drawbridge(home, 'approve', id, '--arguments', file);
        assert.equal(code, 0, stdout + stderr);
      }
    }
  };
  const done = work();
  const stop = (): void => {
    stopped = true;
  };
  return { stop, done };
}
