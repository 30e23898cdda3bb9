import { expect, test } from 'vitest';
import { loginItem } from '../../../main/host/autostart/login-item.ts';
import type { FromCore } from '../../../main/host/transports/core-messages.ts';
import { portLoginItem } from '../../../main/host/transports/port-login-item.ts';

const method = (answer: (set: boolean | null) => boolean) => {
  const asked: (boolean | null)[] = [];
  const item = loginItem(async (set) => {
    asked.push(set);
    return answer(set);
  });
  return { asked, item };
};

test('the state is what the system says, and asking changes nothing', async () => {
  for (const on of [true, false]) {
    const { asked, item } = method(() => on);
    expect(await item.state()).toBe(on ? 'on' : 'off');
    expect(asked).toEqual([null]);
  }
});
test('putting it on and off sets it, and believes only what the system says afterwards', async () => {
  const good = method((set) => set === true);
  expect(await good.item.enable()).toEqual([]);
  await good.item.disable();
  expect(good.asked).toEqual([true, false]);
  const fix = 'Look in the settings of the system, under login items.';
  await expect(method(() => false).item.enable()).rejects.toMatchObject({
    code: 'refused',
    message: 'The system did not accept Drawbridge as a login item.',
    fix,
  });
  await expect(method(() => true).item.disable()).rejects.toMatchObject({
    code: 'refused',
    message: 'The system still has Drawbridge among its login items.',
    fix,
  });
});
test('answers of the shell reach the question they belong to; an error is told, an unknown answer ignored', async () => {
  const sent: FromCore[] = [];
  const port = portLoginItem((message) => sent.push(message));
  const first = port.ask(null);
  const second = port.ask(true);
  const third = loginItem(port.ask).enable();
  expect(sent).toEqual([
    { type: 'login-item', id: 1, set: null },
    { type: 'login-item', id: 2, set: true },
    { type: 'login-item', id: 3, set: true },
  ]);
  port.answer({ type: 'login-item', id: 99, on: true });
  port.answer({ type: 'login-item', id: 3, on: false, error: 'The system has no login items.' });
  port.answer({ type: 'login-item', id: 2, on: true });
  port.answer({ type: 'login-item', id: 1, on: false });
  expect([await first, await second]).toEqual([false, true]);
  await expect(third).rejects.toThrow('The system has no login items.');
});
