import type { coreCalls } from '../../../../shared/contract/core.ts';
import { BYPASS_MINUTES } from '../../../../shared/limits.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { Mode, ModeName } from '../../../../shared/schemas/common.ts';
import { changed, refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import { modeBefore, raiseBridge, startBypass } from '../../policy/judge/modes.ts';
import type { GlobalMode } from '../../settings/types.ts';
import { diagnose } from '../doctor.ts';
import { mustHaveServer } from './known.ts';

/** Answers the calls about the core itself. */
export function coreHandlers(parts: CoreParts, options: CoreOptions): HandlersOf<typeof coreCalls> {
  const { settings, audit, approvals, gateway, hub } = parts;

  const setGlobal = async (mode: ModeName | null, minutes: number): Promise<Mode> => {
    const next = (old: GlobalMode): GlobalMode => {
      if (mode === null) return modeBefore(old);
      if (mode === 'raised') return raiseBridge(old);
      if (mode !== 'bypass') return { mode, until: null };
      return startBypass(old, options.ports.clock.now() + minutes * 60_000);
    };
    const doc = await settings.update((old) => ({ ...old, mode: next(old.mode) }));
    return { mode: doc.mode.mode, until: doc.mode.until };
  };
  const setForServer = async (server: string, mode: ModeName | null): Promise<Mode> => {
    mustHaveServer(parts, server);
    if (mode === 'bypass') throw new RpcError('refused', refusals.bypassIsForAll, refusals.observeOne);
    const doc = await settings.update((old) => {
      const record = old.servers[server];
      return record ? { ...old, servers: { ...old.servers, [server]: { ...record, mode } } } : old;
    });
    const { mode: inherited, until } = doc.mode;
    return mode === null ? { mode: inherited, until } : { mode, until: null };
  };

  return {
    'core.state': () => hub.snapshot(),
    'core.stop': () => {
      options.onStopRequest();
      return null;
    },
    'mode.set': async ({ mode, server, minutes }) => {
      if (minutes !== undefined && mode !== 'bypass')
        throw new RpcError('bad_input', refusals.minutesWithBypass);
      const result =
        server === undefined
          ? await setGlobal(mode, minutes ?? BYPASS_MINUTES)
          : await setForServer(server, mode);
      audit.note('mode', {
        server: server ?? null,
        mode: server === undefined ? result.mode : mode,
        until: result.until,
      });
      if (server === undefined && result.mode === 'raised') {
        // The calls that waited were answered when the settings changed; grants given before end too.
        approvals.withdrawAll(changed.raised);
      }
      gateway.notifyToolsChanged(server);
      return result;
    },
    doctor: () => diagnose(parts, options),
  };
}
