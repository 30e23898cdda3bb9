import { describe, expect, test, vi } from 'vitest';
import { portTransport } from '../../main/host/transports/port-transport.ts';
import { followCore } from '../../main/shell/core/core-client.ts';
import { applyEvent } from '../../main/shell/core/view.ts';
import { parseFrame } from '../../shared/rpc/frames.ts';
import type { State, StateEvent } from '../../shared/schemas/state.ts';
import { portPair } from '../fakes/ports.ts';
import { stateOf } from '../fakes/shell-state.ts';

describe('the state in the shell', () => {
  const raised = { mode: 'raised' as const, until: null };
  test('is the whole, then slices in order', () => {
    expect(applyEvent(null, { whole: stateOf({ rev: 4 }) })).toEqual(stateOf({ rev: 4 }));
    expect(applyEvent(stateOf({ rev: 4 }), { rev: 5, slice: { mode: raised } })).toEqual(
      stateOf({ rev: 5, mode: raised }),
    );
  });
  test.each([4, 6])('is not known after a gap (%i after 4)', (rev) => {
    expect(applyEvent(stateOf({ rev: 4 }), { rev, slice: {} })).toBeNull();
  });
  test('is not known from a slice alone', () => {
    expect(applyEvent(null, { rev: 1, slice: {} })).toBeNull();
  });
});

test('the shell follows the core over a port and opens the topic again after a gap', async () => {
  const [shellEnd, coreEnd] = portPair();
  const core = portTransport(coreEnd);
  const opened: number[] = [];
  const closed: number[] = [];
  core.onMessage((text) => {
    const frame = parseFrame(text);
    if (frame?.t === 'open') opened.push(frame.id);
    if (frame?.t === 'close') closed.push(frame.id);
  });
  const send = (data: StateEvent): void => core.send(JSON.stringify({ t: 'event', id: opened.at(-1), data }));
  const seen: State[] = [];
  const client = followCore(portTransport(shellEnd), (state) => seen.push(state));

  await vi.waitFor(() => expect(opened).toHaveLength(1), 60_000);
  send({ whole: stateOf({ rev: 1 }) });
  send({ rev: 2, slice: { today: { calls: 1, denied: 0, asked: 0 } } });
  send({ rev: 4, slice: {} });
  await vi.waitFor(() => expect(opened).toHaveLength(2), 60_000);
  expect(closed).toEqual([opened[0]]);
  send({ whole: stateOf({ rev: 9 }) });
  await vi.waitFor(() => expect(seen.map(({ rev }) => rev)).toEqual([1, 2, 9]), 60_000);

  core.close();
  await client.closed;
});
