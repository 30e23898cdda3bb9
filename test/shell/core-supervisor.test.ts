import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FromCore, ToCore } from '../../main/host/transports/core-messages.ts';
import {
  type CoreChild,
  CoreSupervisor,
  type SupervisorOptions,
} from '../../main/shell/core/core-supervisor.ts';

class FakePort extends EventEmitter {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  postMessage(): void {}
  start(): void {}
  close(): void {}
}
class FakeChild extends EventEmitter implements CoreChild<FakePort> {
  readonly sent: { message: ToCore; ports: string[] }[] = [];
  killed = false;
  readonly pid: number;
  constructor(pid: number) {
    super();
    this.pid = pid;
  }
  postMessage(message: ToCore, transfer: FakePort[] = []): void {
    this.sent.push({ message, ports: transfer.map(({ name }) => name) });
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
  says(message: FromCore): void {
    this.emit('message', message);
  }
  ends(code: number): void {
    this.emit('exit', code);
  }
}

let children: FakeChild[];
let timers: { at: number; fn: () => void }[];
let now: number;
let events: string[];
let hardKilled: number[];
let supervisor: CoreSupervisor<FakePort>;
let options: SupervisorOptions<FakePort>;
const nothing = { running: () => {}, down: () => {}, stopRequested: () => {} };

function advance(ms: number): void {
  now += ms;
  for (const timer of timers.filter(({ at }) => at <= now)) {
    timers.splice(timers.indexOf(timer), 1);
    timer.fn();
  }
}
const running: FromCore = { type: 'running', gateway: 'http://127.0.0.1:1', pid: 1, own: true };
const last = (): FakeChild => children.at(-1) as FakeChild;

beforeEach(() => {
  children = [];
  timers = [];
  now = 0;
  events = [];
  hardKilled = [];
  let channels = 0;
  options = {
    dataDir: '/data',
    bridge: { command: 'node', args: ['bridge.js'] },
    fork() {
      children.push(new FakeChild(100 + children.length));
      return last();
    },
    channel() {
      channels += 1;
      return [new FakePort(`ours${channels}`), new FakePort(`theirs${channels}`)];
    },
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
    killHard: (pid) => hardKilled.push(pid),
  };
  supervisor = new CoreSupervisor<FakePort>(options, {
    running: (port) => events.push(`running ${(port as FakePort).name}`),
    down: (message, retryAt) => events.push(`down ${retryAt - now} ${message}`),
    stopRequested: () => events.push('stop requested'),
  });
  supervisor.start();
});

describe('a core process', () => {
  test('is started with what it needs, and serves the shell as a manager', () => {
    expect(last().sent).toEqual([
      {
        message: { type: 'start', dataDir: '/data', bridge: { command: 'node', args: ['bridge.js'] } },
        ports: [],
      },
    ]);
    last().says(running);
    expect(events).toEqual(['running ours1']);
    expect(last().sent.at(-1)).toEqual({ message: { type: 'port', role: 'manager' }, ports: ['theirs1'] });
  });
  test('that ends is started again with growing waits, told in words', () => {
    const waits: string[] = [];
    for (let n = 0; n < 8; n++) {
      last().ends(9);
      waits.push(events.at(-1) as string);
      expect(supervisor.port('manager')).toBeUndefined();
      const before = children.length;
      advance(Number(waits.at(-1)?.split(' ')[1]));
      expect(children.length).toBe(before + 1);
    }
    expect(waits.map((line) => Number(line.split(' ')[1]))).toEqual([
      500, 1000, 2000, 5000, 15_000, 30_000, 30_000, 30_000,
    ]);
    expect(waits[0]).toBe('down 500 The core ended unexpectedly (exit code 9).');
  });
  test('that ran well for a minute is started again quickly', () => {
    last().ends(1);
    advance(500);
    last().ends(1);
    advance(1000);
    advance(60_000);
    last().ends(1);
    expect(events.at(-1)).toMatch(/^down 500 /);
  });
  test('that says why it failed is quoted', () => {
    last().says({ type: 'failed', message: 'Port 4100 is taken' });
    last().ends(1);
    expect(events.at(-1)).toBe('down 500 The core does not run. Port 4100 is taken.');
  });
  test('can be started at once while it is waited for, and only once', () => {
    last().ends(9);
    supervisor.start();
    supervisor.start();
    advance(60_000);
    expect(children).toHaveLength(2);
    expect(supervisor.generation).toBe(2);
  });
  test('that lost the core of another process is ended and started again', () => {
    supervisor.connectionLost();
    advance(999);
    expect(last().killed).toBe(false);
    advance(1);
    expect(last().killed).toBe(true);
    last().ends(15);
    expect(events.at(-1)).toContain('The core does not run. The connection to it was lost.');
  });
  test('whose connection closes because it ends is told by how it ended', () => {
    supervisor.connectionLost();
    last().ends(9);
    expect(events.at(-1)).toContain('The core ended unexpectedly (exit code 9).');
    advance(500);
    advance(500);
    expect(last().killed).toBe(false);
  });
  test('that was stopped by the command line ends the app', () => {
    last().says({ type: 'stopping' });
    expect(events).toEqual(['stop requested']);
  });
});

describe('stopping', () => {
  test('asks, and is done when the process is gone', async () => {
    const stopped = supervisor.stop();
    expect(last().sent.at(-1)?.message).toEqual({ type: 'stop' });
    last().ends(0);
    await stopped;
    advance(60_000);
    expect(children).toHaveLength(1);
    expect(events).toEqual([]);
    expect(hardKilled).toEqual([]);
  });
  test('ends by force what does not end in 5 seconds', async () => {
    const stopped = supervisor.stop();
    advance(4999);
    expect(hardKilled).toEqual([]);
    advance(1);
    expect(hardKilled).toEqual([100]);
    last().ends(9);
    await stopped;
  });
  test('while nothing runs is done at once, and nothing is started later', async () => {
    last().ends(9);
    await supervisor.stop();
    advance(60_000);
    supervisor.start();
    expect(children).toHaveLength(1);
  });
});

describe('starting at login', () => {
  const asks: FromCore = { type: 'login-item', id: 7, set: true };
  const startWith = (loginItem: (set: boolean | null) => boolean): void =>
    new CoreSupervisor<FakePort>({ ...options, loginItem }, nothing).start();
  test('is done by the app for the core, which knows that it can', () => {
    const set: (boolean | null)[] = [];
    startWith((value) => {
      set.push(value);
      return value ?? false;
    });
    expect(last().sent[0]?.message).toMatchObject({ type: 'start', hasLoginItem: true });
    last().says(asks);
    last().says({ type: 'login-item', id: 8, set: null });
    expect(set).toEqual([true, null]);
    expect(
      last()
        .sent.slice(1)
        .map(({ message }) => message),
    ).toEqual([
      { type: 'login-item', id: 7, on: true },
      { type: 'login-item', id: 8, on: false },
    ]);
  });
  test('that the system refuses is answered with its words', () => {
    startWith(() => {
      throw new Error('The system has no login items.');
    });
    last().says(asks);
    expect(last().sent.at(-1)?.message).toEqual({
      type: 'login-item',
      id: 7,
      on: false,
      error: 'The system has no login items.',
    });
  });
  test('is not offered to the core where the app cannot be a login item', () => {
    expect(last().sent[0]?.message).not.toHaveProperty('hasLoginItem');
  });
});
