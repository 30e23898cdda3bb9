import { expect, test } from 'vitest';
import { ServerRequests } from '../../../../main/core/gateway/legacy/server-requests.ts';

function asked() {
  const said: string[] = [];
  const logged: string[] = [];
  const requests = new ServerRequests({
    log: (_level, text) => void logged.push(text),
    caller: { clientId: 'me', clientName: 'Me', server: 'files', session: 's' },
    link: { say: async (raw) => void said.push(raw.toString()) },
  });
  return { requests, said, logged };
}

test('a request is open until it is answered, once', () => {
  const { requests } = asked();
  expect(requests.note('7')).toBe(true);
  expect(requests.has('7')).toBe(true);
  expect(requests.settle('7')).toBe(true);
  expect(requests.settle('7')).toBe(false);
});

test('the server hears of a request that no client will see, and the log once of all of them', async () => {
  const { requests, said, logged } = asked();
  requests.note('"a"');
  requests.note('"b"');
  requests.dropped('"a"');
  requests.dropped('"b"');
  requests.dropped('"b"');
  requests.dropped(undefined);
  await Promise.resolve();
  expect(said.map((text) => JSON.parse(text))).toEqual(
    ['a', 'b'].map((id) => ({
      jsonrpc: '2.0',
      id,
      error: { code: -32000, message: 'The client does not listen.' },
    })),
  );
  expect(logged).toEqual(['Me does not listen; messages of files are dropped']);
});

test('more than 10 000 open requests are refused', async () => {
  const { requests, said } = asked();
  const taken = Array.from({ length: 10_000 }, (_, id) => requests.note(String(id)));
  expect(taken).not.toContain(false);
  expect(requests.note('10000')).toBe(false);
  expect(requests.has('10000')).toBe(false);
  await Promise.resolve();
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('Too many requests wait for the client.');
});

test('when the server is gone, the client is told of what it has seen, and the rest just goes', () => {
  const { requests } = asked();
  requests.note('1');
  requests.note('2');
  const told: (string | undefined)[] = [];
  requests.takeBack(
    'It "died".',
    { withdraw: (id) => id === '1' },
    ({ raw }) => void told.push(JSON.parse(raw.toString()).params),
  );
  expect(told).toEqual([{ requestId: 2, reason: 'It "died".' }]);
  expect(requests.has('1') || requests.has('2')).toBe(false);
});
