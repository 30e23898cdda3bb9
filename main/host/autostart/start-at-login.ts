import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { StartAtLogin } from '../../../shared/schemas/start-at-login.ts';
import { startAtLogin as t } from '../../../shared/text/core/start-at-login.ts';
import type { StartAtLoginPort } from '../../core/ports.ts';
import { desktopEntry } from './desktop-entry.ts';
import { launchAgent } from './launch-agent.ts';
import { type AskLoginItem, loginItem } from './login-item.ts';
import type { Method, Place, RunProgram } from './method.ts';
import { scheduledTask } from './scheduled-task.ts';
import { systemdUnit } from './systemd-unit.ts';

export interface StartAtLoginOptions extends Place {
  /** The core runs in the app, so the app is what is to be started. */
  readonly app: boolean;
  /** Only in a packaged app on macOS and Windows. */
  readonly askLoginItem?: AskLoginItem | undefined;
  readonly run?: RunProgram;
}

/** Starting with the computer, in the way this system has for it. Only one way is on at a time. */
export function createStartAtLogin(options: StartAtLoginOptions): StartAtLoginPort {
  const methods = methodsOf(options);
  const wanted = methods.find(({ kind }) => kind === (options.app ? 'app' : 'headless')) ?? methods[0];
  if (!wanted) throw new Error(`no way to start at login is known on ${options.platform}`);

  const get = async (): Promise<StartAtLogin> => {
    const states = await Promise.all(
      methods.map(async (method) => ({ method, state: await method.state() })),
    );
    const on = states.find(({ state }) => state === 'on' || state === 'outdated');
    const { kind, place } = on?.method ?? wanted;
    const notes = states.flatMap(({ method, state }) => {
      if (state === 'foreign') return [t.foreign(method.place)];
      return state === 'outdated' ? [t.outdated(method.place)] : [];
    });
    return { on: on !== undefined, kind, place, notes };
  };
  return {
    get,
    async set(on) {
      if (on && (await wanted.state()) === 'foreign')
        throw new RpcError('conflict', t.foreign(wanted.place), t.foreignFix);
      const notes: string[] = [];
      if (on && (await wanted.state()) !== 'on') notes.push(...(await wanted.enable()));
      for (const method of methods) {
        if (on && method === wanted) continue;
        const state = await method.state();
        if (state === 'on' || state === 'outdated') await method.disable();
      }
      const now = await get();
      return { ...now, notes: [...notes, ...now.notes] };
    },
  };
}

function methodsOf(options: StartAtLoginOptions): Method[] {
  const run = options.run ?? runProgram;
  const items = options.askLoginItem ? [loginItem(options.askLoginItem)] : [];
  switch (options.platform) {
    case 'darwin':
      return [...items, launchAgent(options)];
    case 'win32':
      return [...items, scheduledTask(options, run)];
    default:
      return [desktopEntry(options), systemdUnit(options, run)];
  }
}

const TIMEOUT_MS = 15_000;
const execute = promisify(execFile);

async function runProgram(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], { timeout: TIMEOUT_MS, windowsHide: true });
    return stdout;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: unknown };
    if (code === 'ENOENT') throw new Error(`${program} is not installed`);
    throw new Error(stderr?.trim().split('\n')[0] || `${program} failed`);
  }
}
