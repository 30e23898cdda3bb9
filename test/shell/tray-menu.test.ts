import { describe, expect, test } from 'vitest';
import type { ShellView } from '../../main/shell/core/view.ts';
import { stateInWords, trayIcon, trayMenu } from '../../main/shell/tray/tray-menu.ts';
import { approvalOf, clientOf, rowOf, serverOf, viewOf } from '../fakes/shell-state.ts';

const time = (at: number): string => `t${at}`;
const labels = (view: ShellView): (string | null)[] =>
  trayMenu(view, time).map((line) => (line === null ? null : line.label));
const guarded = {
  servers: [serverOf('a'), serverOf('b')],
  clients: [clientOf('cursor', 'routed'), clientOf('claude', 'direct')],
};
const broken = {
  id: 'p',
  severity: 'error' as const,
  title: 'The policy of a is broken',
  detail: '',
  fix: null,
};
const down: ShellView = {
  health: { kind: 'down', message: 'The core ended unexpectedly (exit code 9).', retryAt: 5 },
  state: null,
};

describe('the first line and the icon', () => {
  const table: [string, ShellView, string, string][] = [
    ['starting', { health: { kind: 'starting' }, state: null }, 'Drawbridge is starting.', 'idle'],
    [
      'down',
      down,
      'The core ended unexpectedly (exit code 9). It is started again at t5. Until then every call fails.',
      'problem',
    ],
    ['nothing routed', viewOf(), 'No client goes through Drawbridge yet.', 'idle'],
    ['guarding', viewOf(guarded), 'Guarding 2 servers for 1 client.', 'idle'],
    [
      'one of two servers is only observed',
      viewOf({
        ...guarded,
        servers: guarded.servers.map((one, at) => (at === 0 ? { ...one, mode: 'observe' } : one)),
      }),
      'Guarding 1 server for 1 client. 1 server is only observed.',
      'idle',
    ],
    [
      'recommended rules that nobody confirmed guard nothing',
      viewOf({
        ...guarded,
        servers: guarded.servers.map((one) => ({
          ...one,
          policy: { ...one.policy, source: 'recommended' as const },
        })),
      }),
      'Observing 2 servers for 1 client: nothing is refused.',
      'idle',
    ],
    [
      'observing',
      viewOf({ ...guarded, mode: { mode: 'observe', until: null } }),
      'Observing 2 servers for 1 client: nothing is refused.',
      'idle',
    ],
    [
      'raised',
      viewOf({ ...guarded, mode: { mode: 'raised', until: null } }),
      'The bridge is raised: every call is refused.',
      'raised',
    ],
    [
      'bypass',
      viewOf({ ...guarded, mode: { mode: 'bypass', until: 7 } }),
      'Every call is let through until t7.',
      'idle',
    ],
    [
      'paused',
      viewOf({ ...guarded, paused: [{ clientId: 'cursor', clientName: 'Cursor', since: 0, until: null }] }),
      'Cursor is paused: its calls are denied.',
      'idle',
    ],
    ['one waits', viewOf({ approvals: [approvalOf()] }), '1 call waits for you.', 'waiting'],
    [
      'identical calls behind one prompt count each',
      viewOf({ approvals: [approvalOf({ count: 3 }), approvalOf({ id: 'b' })] }),
      '4 calls wait for you.',
      'waiting',
    ],
    ['a problem', viewOf({ ...guarded, problems: [broken] }), `Problem: ${broken.title}`, 'problem'],
    [
      'waiting comes before a problem and a raised bridge',
      viewOf({ approvals: [approvalOf()], problems: [broken], mode: { mode: 'raised', until: null } }),
      '1 call waits for you.',
      'waiting',
    ],
    [
      'a warning is no problem of the tray',
      viewOf({ ...guarded, problems: [{ ...broken, severity: 'warning' }] }),
      'Guarding 2 servers for 1 client.',
      'idle',
    ],
  ];
  test.each(table)('%s', (_name, view, words, icon) => {
    expect(stateInWords(view, time)).toBe(words);
    expect(trayIcon(view)).toBe(icon);
  });
});

describe('the menu', () => {
  test('of a quiet core', () => {
    expect(labels(viewOf(guarded))).toEqual([
      'Guarding 2 servers for 1 client.',
      null,
      'Raise the bridge (refuse every call)',
      'Let every call through for 15 minutes',
      null,
      'Open Drawbridge',
      'Settings…',
      null,
      'Quit Drawbridge',
    ]);
  });
  test('of waiting calls, with the last three calls', () => {
    const recent = [1, 2, 3, 4].map((seq) => rowOf({ seq, at: seq, decision: seq === 1 ? 'deny' : 'allow' }));
    expect(labels(viewOf({ approvals: [approvalOf({ count: 2 })], recent })).slice(0, 9)).toEqual([
      '2 calls wait for you.',
      '2 calls waiting…',
      null,
      'Raise the bridge (refuse every call)',
      'Let every call through for 15 minutes',
      null,
      'Last calls',
      't1  Cursor: create_issue on github, denied',
      't2  Cursor: create_issue on github, allowed',
    ]);
    expect(labels(viewOf({ recent }))).not.toContain('t4  Cursor: create_issue on github, allowed');
  });
  test('of a raised bridge can only lower it', () => {
    const lines = labels(viewOf({ mode: { mode: 'raised', until: null } }));
    expect(lines).toContain('Lower the bridge');
    expect(lines.join()).not.toMatch(/let every call through/i);
  });
  test('of a bypass can end it', () => {
    expect(trayMenu(viewOf({ mode: { mode: 'bypass', until: 1 } }), time)).toContainEqual({
      label: 'Stop letting every call through',
      action: { do: 'end-bypass' },
    });
  });
  test('of a core that is down offers nothing that needs it', () => {
    expect(labels(down)).toEqual([
      expect.stringContaining('ended unexpectedly'),
      'Start it now',
      null,
      'Open Drawbridge',
      'Settings…',
      null,
      'Quit Drawbridge',
    ]);
  });
  test('every line but text and separators does something', () => {
    for (const line of trayMenu(viewOf({ ...guarded, recent: [rowOf()] }), time).slice(1))
      expect(line === null || line.action !== undefined || line.label === 'Last calls').toBe(true);
  });
});

test('a paused client can be resumed, whatever its name holds', () => {
  const paused = [{ clientId: 'odd', clientName: '<b>Odd</b>\u202e\n', since: 0, until: 9 }];
  const view = viewOf({ paused });
  expect(trayMenu(view, time)).toContainEqual({
    label: 'Resume <b>Odd</b>U+202EU+000A (paused until t9)',
    action: { do: 'resume', client: 'odd' },
  });
  expect(labels(view)[0]).toBe('<b>Odd</b>U+202EU+000A is paused: its calls are denied.');
});
test('hostile names in the menu are seen as they are, on one line, and short', () => {
  const tool = `pay\u202e\u200b\nall&now${'x'.repeat(100_000)}`;
  const line = labels(viewOf({ recent: [rowOf({ tool, server: 'a\u0000b', clientName: '\u{e0041}c' })] }))[6];
  expect(line).toBe(`t0  U+E0041c: payU+202EU+200BU+000Aall&&nowxxx… on aU+0000b, allowed`);
  expect((line ?? '').length).toBeLessThan(130);
});
