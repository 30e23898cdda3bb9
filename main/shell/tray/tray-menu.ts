import { BYPASS_MINUTES } from '../../../shared/limits.ts';
import type { ActivityRow } from '../../../shared/schemas/audit.ts';
import type { ModeName } from '../../../shared/schemas/common.ts';
import { tray } from '../../../shared/text/tray.ts';
import type { ShellView } from '../core/view.ts';
import { menuText } from '../visible-text.ts';

/** What a line of the tray's menu does when it is chosen. */
export type TrayAction =
  | { do: 'approvals' }
  | { do: 'raise' }
  | { do: 'lower' }
  | { do: 'bypass'; minutes: number }
  | { do: 'end-bypass' }
  | { do: 'resume'; client: string }
  | { do: 'activity' }
  | { do: 'open' }
  | { do: 'settings' }
  | { do: 'restart-core' }
  | { do: 'quit' };
/** A line without an action is text; null is a separator. */
export type TrayLine = { readonly label: string; readonly action?: TrayAction } | null;
export type TrayIcon = 'idle' | 'waiting' | 'raised' | 'problem';

const NAME_MAX = 32;
const STATE_MAX = 200;
const LAST_CALLS = 3;

const t = tray.menu;

/**
 * The tray's menu for a state: the state in words, what waits, the bridge, the last three calls, windows, quit.
 * @param time shows a moment (milliseconds since the epoch) as a time of day
 */
export function trayMenu(view: ShellView, time: (at: number) => string): TrayLine[] {
  const lines: TrayLine[] = [{ label: menuText(stateInWords(view, time), STATE_MAX) }];
  const { state } = view;
  if (view.health.kind === 'down') lines.push({ label: t.startNow, action: { do: 'restart-core' } });
  if (state) {
    const waiting = waitingCalls(view);
    if (waiting > 0) lines.push({ label: t.waiting(waiting), action: { do: 'approvals' } });
    for (const { clientId, clientName, until } of state.paused) {
      const label = t.resume(menuText(clientName, NAME_MAX), until === null ? null : time(until));
      lines.push({ label, action: { do: 'resume', client: clientId } });
    }
    lines.push(null, ...bridgeLines(state.mode.mode));
    const recent = state.recent.slice(0, LAST_CALLS);
    if (recent.length > 0) {
      lines.push(null, { label: t.lastCalls });
      for (const row of recent) lines.push({ label: callLine(row, time), action: { do: 'activity' } });
    }
  }
  lines.push(
    null,
    { label: t.open, action: { do: 'open' } },
    { label: t.settings, action: { do: 'settings' } },
    null,
    { label: t.quit, action: { do: 'quit' } },
  );
  return lines;
}

function bridgeLines(mode: ModeName): TrayLine[] {
  if (mode === 'raised') return [{ label: t.lower, action: { do: 'lower' } }];
  return [
    { label: t.raise, action: { do: 'raise' } },
    mode === 'bypass'
      ? { label: t.endBypass, action: { do: 'end-bypass' } }
      : { label: t.bypass(BYPASS_MINUTES), action: { do: 'bypass', minutes: BYPASS_MINUTES } },
  ];
}

/** The first line, also the tooltip: one sentence, the most urgent thing first. */
export function stateInWords(view: ShellView, time: (at: number) => string): string {
  const { health, state } = view;
  if (health.kind === 'down') return tray.state.down(health.message, time(health.retryAt));
  if (!state) return tray.state.starting;
  const waiting = waitingCalls(view);
  if (waiting > 0) return tray.state.waiting(waiting);
  const { mode, until } = state.mode;
  if (mode === 'raised') return tray.state.raised;
  const [paused] = state.paused;
  if (paused)
    return state.paused.length === 1
      ? tray.state.paused(paused.clientName)
      : tray.state.pausedMany(state.paused.length);
  const error = state.problems.find((problem) => problem.severity === 'error');
  if (error) return tray.state.problem(error.title);
  if (mode === 'bypass') return tray.state.bypass(until === null ? null : time(until));
  const routed = state.clients.filter((client) => client.state === 'routed' || client.state === 'partly');
  if (routed.length === 0) return tray.state.noClient;
  const observed = state.servers.filter((server) => server.effectiveMode === 'observe').length;
  const enforced = state.servers.length - observed;
  return observed > 0 && enforced === 0
    ? tray.state.observing(observed, routed.length)
    : tray.state.guarding(enforced, routed.length, observed);
}

/** The icon for a state: a core that is down before a waiting call before a raised bridge before other problems. */
export function trayIcon({ health, state }: ShellView): TrayIcon {
  if (health.kind === 'down') return 'problem';
  if (!state) return 'idle';
  if (state.approvals.length > 0) return 'waiting';
  if (state.mode.mode === 'raised') return 'raised';
  return state.problems.some((problem) => problem.severity === 'error') ? 'problem' : 'idle';
}

/** Calls that wait for a decision; identical ones are one prompt but several calls. */
export function waitingCalls({ state }: ShellView): number {
  return (state?.approvals ?? []).reduce((sum, approval) => sum + approval.count, 0);
}

function callLine(row: ActivityRow, time: (at: number) => string): string {
  const [client, what, server] = [row.clientName, row.tool ?? row.method, row.server].map((name) =>
    menuText(name, NAME_MAX),
  ) as [string, string, string];
  return t.call({ time: time(row.at), client, what, server, decision: row.decision });
}
