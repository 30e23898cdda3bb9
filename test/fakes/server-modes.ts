import { effectiveMode } from '../../main/core/policy/judge/modes.ts';
import { defaultSettings } from '../../main/core/settings/index.ts';
import type { Mode } from '../../shared/schemas/common.ts';
import type { ServerView } from '../../shared/schemas/server.ts';

/** A server as the core tells it while this mode holds for everything: with the mode that the core works out. */
export function inMode(view: ServerView, everywhere: Mode, now = Date.now()): ServerView {
  const config = { kind: 'http' as const, url: 'http://127.0.0.1/', headers: {} };
  const settings = {
    ...defaultSettings,
    mode: everywhere,
    servers: { [view.name]: { config, mode: view.mode } },
  };
  return { ...view, effectiveMode: effectiveMode(settings, view.name, view.policy.source, now).mode };
}
