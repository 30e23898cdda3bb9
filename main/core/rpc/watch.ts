import type { CoreParts } from '../assemble.ts';
import type { CoreOptions } from '../create-core.ts';
import { createBypassTimer } from '../policy/judge/bypass-timer.ts';
import { createPauseTimer } from './pause-timer.ts';

/** Blocks and reviews that come together are told to clients once, after this time at the latest. */
const TELL_MS = 250;
/** What calls change in the interface is shown this often at most. */
const GATHER_MS = 100;

/**
 * What follows from what: a changed policy ends the prompts bound to the old one and tells clients that their tool list
 * changed; every record in the audit moves the activity tick; and so on. Everything that joins two parts stands here.
 */
export function watchParts(parts: CoreParts, options: CoreOptions): { stop(): void } {
  const { hub, approvals, audit, policies, catalogue, pins, upstreams, signIns, settings, gateway } = parts;
  const { clock } = options.ports;

  approvals.onChange(() => hub.touch('approvals'));
  const telling = new Set<string>();
  /** A server whose definitions never stand still may not make its clients ask for its tools without end. */
  const tellLater = (server: string): void => {
    if (telling.has(server)) return;
    telling.add(server);
    clock.after(TELL_MS, () => {
      telling.delete(server);
      if (!parts.stopping) gateway.notifyToolsChanged(server);
    });
  };
  let gathering = false;
  audit.onAppend((seq) => {
    parts.activity.tick(seq);
    // Records come by the hundred a second when agents are busy, and nobody reads that fast.
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
    approvals.recheck((request) => request.server === server, 'The policy changed while the call waited.');
    gateway.notifyToolsChanged(server);
    hub.touch('servers', 'problems');
  });
  catalogue.onChange((server) => {
    policies.recommendedChanged(server);
    approvals.recheck(
      (request) => request.server === server,
      'The server changed the definition of this tool while the call waited.',
    );
    hub.touch('servers');
  });
  pins.onChange((server) => {
    approvals.recheck(
      (request) => request.server === server,
      'The definition of this tool waits for review since the call came.',
    );
    tellLater(server);
    hub.touch('servers', 'problems');
  });
  upstreams.onChange(() => hub.touch('servers', 'problems'));
  signIns.onChange((server, what) => {
    if (what === 'signed-in') upstreams.signedIn(server);
    hub.touch('servers', 'problems');
  });
  settings.onChange(() => {
    // Modes, guards and pauses are judged by: what they let through runs, what they deny is answered.
    approvals.recheck(() => true, 'The settings changed while the call waited.');
    hub.touch('mode', 'servers', 'clients', 'core', 'paused');
  });
  const pauses = createPauseTimer({
    settings,
    clock,
    ended: (clients) => {
      for (const client of clients)
        audit.note('client-resumed', { client, why: 'The time of its pause is over.' });
    },
    // The engine looks at the time itself: the pause is over all the same.
    failed: (error) => options.ports.log('error', 'The end of a pause could not be saved', error),
  });

  const bypass = createBypassTimer({
    settings,
    clock,
    ended: ({ mode }) => {
      audit.note('mode', { mode, why: 'The time to let everything through is over.' });
      if (mode === 'raised') approvals.withdrawAll('The bridge is raised again: every call is refused.');
      gateway.notifyToolsChanged();
    },
    // The engine looks at the time itself: the bypass is over all the same.
    failed: (error) => options.ports.log('error', 'The end of the bypass could not be saved', error),
  });

  return {
    stop() {
      bypass.stop();
      pauses.stop();
    },
  };
}
