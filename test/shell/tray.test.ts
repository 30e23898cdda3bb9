import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShellView } from '../../main/shell/core/view.ts';
import { createTray } from '../../main/shell/tray/tray.ts';
import { runTrayAction } from '../../main/shell/tray/tray-actions.ts';
import type { TrayAction } from '../../main/shell/tray/tray-menu.ts';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import { RpcError } from '../../shared/rpc/frames.ts';
import { electronLog, FakeTray } from '../fakes/electron.ts';
import { approvalOf, stateOf, viewOf } from '../fakes/shell-state.ts';

vi.mock('electron', async () => (await import('../fakes/electron.ts')).fakeElectron());

const starting: ShellView = { health: { kind: 'starting' }, state: null };
const trayFor = (platform: NodeJS.Platform) => {
  const acted: TrayAction[] = [];
  const tray = createTray(
    { iconFolder: '/icons', platform, time: String, act: (action) => acted.push(action) },
    starting,
  );
  return { tray, fake: FakeTray.all.at(-1) as FakeTray, acted };
};

describe('the tray', () => {
  test('shows the icon, the words and the menu of a state', () => {
    const { tray, fake } = trayFor('linux');
    expect(fake.image).toEqual({ path: '/icons/idle.png' });
    tray.show(viewOf({ mode: { mode: 'raised', until: null } }));
    expect(fake.image).toEqual({ path: '/icons/raised.png' });
    expect(fake.tip).toBe('Drawbridge\nThe bridge is raised: every call is refused.');
    expect(fake.menu?.template[0]).toEqual({
      label: 'The bridge is raised: every call is refused.',
      enabled: false,
    });
  });
  test('has template icons on macOS', () => {
    expect(trayFor('darwin').fake.image).toEqual({ path: '/icons/idleTemplate.png' });
  });
  test('sets the menu again after a change, and leaves an open one alone otherwise', () => {
    const { tray, fake } = trayFor('linux');
    expect(fake.menusSet).toBe(1);
    tray.show(viewOf());
    tray.show({ ...viewOf(), state: stateOf({ rev: 2, today: { calls: 5, denied: 0, asked: 0 } }) });
    expect(fake.menusSet).toBe(2);
  });
  test('opens what waits, else the window, by a click', () => {
    const { tray, fake, acted } = trayFor('linux');
    fake.emit('click');
    tray.show(viewOf({ approvals: [approvalOf()] }));
    fake.emit('click');
    expect(acted).toEqual([{ do: 'open' }, { do: 'approvals' }]);
  });
  test('does what a chosen line says', () => {
    const { fake, acted } = trayFor('linux');
    const click = fake.menu?.template.at(-1)?.click as () => void;
    click();
    expect(acted).toEqual([{ do: 'quit' }]);
  });
});

describe('an action of the tray', () => {
  let calls: unknown[];
  let refuse: RpcError | undefined;
  let view: ShellView;
  let shown: string[];
  let act: (action: TrayAction) => void;
  beforeEach(() => {
    calls = [];
    shown = [];
    refuse = undefined;
    view = viewOf();
    electronLog.messages.length = 0;
    const client = {
      call: async (name: string, input: unknown) => {
        calls.push([name, input]);
        if (refuse) throw refuse;
      },
    } as unknown as RpcClient<Contract>;
    act = runTrayAction({
      windows: { showManager: (hash = '') => shown.push(`manager${hash}`) },
      popup: { show: () => shown.push('popup') },
      view: () => view,
      client: () => (view.state ? client : undefined),
      restartCore: () => shown.push('restart'),
    });
  });

  test('raises the bridge and lowers it to what the core says it was', () => {
    act({ do: 'raise' });
    act({ do: 'lower' });
    expect(calls).toEqual([
      ['mode.set', { mode: 'raised' }],
      ['mode.set', { mode: null }],
    ]);
  });
  test('lets calls through for 15 minutes and ends that', () => {
    act({ do: 'bypass', minutes: 15 });
    act({ do: 'end-bypass' });
    expect(calls).toEqual([
      ['mode.set', { mode: 'bypass', minutes: 15 }],
      ['mode.set', { mode: null }],
    ]);
  });
  test('that the core refuses is told with the reason', async () => {
    refuse = new RpcError('refused', 'The settings file is newer than this version.', 'Update Drawbridge.');
    act({ do: 'raise' });
    await vi.waitFor(() => expect(electronLog.messages).toHaveLength(1), 60_000);
    expect(electronLog.messages[0]?.detail).toBe(
      'The settings file is newer than this version. Update Drawbridge.',
    );
  });
  test('without a core says so', () => {
    view = starting;
    act({ do: 'raise' });
    expect(electronLog.messages.map(({ detail }) => detail)).toEqual(['The core is not running.']);
  });
  test('opens windows, starts the core, quits', () => {
    for (const what of ['approvals', 'activity', 'open', 'settings', 'restart-core', 'quit'] as const)
      act({ do: what });
    expect(shown).toEqual(['popup', 'manager#/activity', 'manager', 'manager#/settings', 'restart']);
    expect(electronLog.quits).toBe(1);
  });
});
