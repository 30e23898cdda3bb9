import { changed } from '../../../shared/text/core/rpc.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import { createBypassTimer } from '../policy/judge/bypass-timer.ts';
import { configsOf, followHandEdit } from './hand-edited-settings.ts';
import { createPauseTimer } from './pause-timer.ts';

/** Clients hear once of blocks and reviews that come together, after this time at the latest. */
const TELL_MS = 250;
/** The interface shows what calls change at most this often. */
const GATHER_MS = 100;

/**
 * What follows from what: a changed policy ends the prompts bound to the old one and tells clients that their tool list
 * changed; every record in the audit moves the activity tick; and so on. Everything that joins two parts is here.
 */
export function watchParts(parts: CoreParts, options: CoreOptions): { stop(): void } {
  const { hub, approvals, audit, policies, catalogue, pins, upstreams, signIns, settings, gateway } = parts;
  const { clock } = options.ports;

  approvals.onChange(() => hub.touch('approvals'));
  const telling = new Set<string>();
  /** A server whose definitions keep changing must not make its clients list its tools without end. */
  const tellLater = (server: string): void => {
    if (telling.has(server)) return;
    telling.add(server);
    clock.after(TELL_MS, () => {
      telling.delete(server);
      if (!parts.life.stopping) gateway.notifyToolsChanged(server);
    });
  };
  let gathering = false;
  audit.onAppend((seq) => {
    parts.activity.tick(seq);
    // Busy agents make hundreds of records a second: more than a person can read.
    if (gathering) return;
    gathering = true;
    clock.after(GATHER_MS, () => {
      gathering = false;
      hub.touch('recent', 'today', 'servers');
    });
  });
  policies.onChange((server) => {
    const state = policies.state(server);
    audit.note('policy-changed', { server, version: state.version, broken: state.broken });
    approvals.recheck((request) => request.server === server, changed.policy);
    gateway.notifyToolsChanged(server);
    hub.touch('servers', 'problems');
  });
  catalogue.onChange((server) => {
    policies.recommendedChanged(server);
    approvals.recheck((request) => request.server === server, changed.definition);
    hub.touch('servers');
  });
  pins.onChange((server) => {
    approvals.recheck((request) => request.server === server, changed.review);
    tellLater(server);
    hub.touch('servers', 'problems');
  });
  upstreams.onChange(() => hub.touch('servers', 'problems'));
  signIns.onChange((server, what) => {
    if (what === 'signed-in') upstreams.signedIn(server);
    hub.touch('servers', 'problems');
  });
  let configs = configsOf(settings.get());
  settings.onChange((doc, by) => {
    if (by === 'hand') void followHandEdit(parts, options, configs);
    configs = configsOf(doc);
    // Modes, guards and pauses are judged by: what they let through runs, what they deny is answered.
    approvals.recheck(() => true, changed.settings);
    hub.touch('mode', 'servers', 'clients', 'core', 'paused', 'problems');
  });
  const pauses = createPauseTimer({
    settings,
    clock,
    ended: (clients) => {
      for (const client of clients) audit.note('client-resumed', { client, why: changed.pauseOver });
    },
    // The engine looks at the time itself: the pause is over in any case.
    failed: (error) => options.ports.log('error', 'The end of a pause could not be saved', error),
  });

  const bypass = createBypassTimer({
    settings,
    clock,
    ended: ({ mode }) => {
      audit.note('mode', { mode, why: changed.bypassOver });
      if (mode === 'raised') approvals.withdrawAll(changed.raisedAgain);
      gateway.notifyToolsChanged();
    },
    // The engine looks at the time itself: the bypass is over in any case.
    failed: (error) => options.ports.log('error', 'The end of the bypass could not be saved', error),
  });

  return {
    stop() {
      bypass.stop();
      pauses.stop();
    },
  };
}
