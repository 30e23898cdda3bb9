import { BYPASS_MINUTES } from '../../../shared/limits.ts';
import { isObserved } from '../../../shared/observed.ts';
import type { ActivityRow } from '../../../shared/schemas/audit.ts';
import { decisionWords } from '../../../shared/text/decisions.ts';
import type { ShellView } from '../view.ts';
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

/**
 * The tray's menu for a state: the state in words, what waits, the bridge, the last three calls, windows, quit.
 * @param time shows a moment (milliseconds since the epoch) as a time of day
 */
export function trayMenu(view: ShellView, time: (at: number) => string): TrayLine[] {
  const lines: TrayLine[] = [{ label: menuText(stateInWords(view, time), 200) }];
  const { state } = view;
  if (view.health.kind === 'down') lines.push({ label: 'Start it now', action: { do: 'restart-core' } });
  if (state) {
    const waiting = waitingCalls(view);
    if (waiting > 0) lines.push({ label: `${count(waiting, 'call')} waiting…`, action: { do: 'approvals' } });
    for (const { clientId, clientName, until } of state.paused) {
      const name = menuText(clientName, NAME_MAX);
      const ends = until === null ? '' : ` (paused until ${time(until)})`;
      lines.push({ label: `Resume ${name}${ends}`, action: { do: 'resume', client: clientId } });
    }
    lines.push(null, ...bridgeLines(state.mode.mode));
    const recent = state.recent.slice(0, 3);
    if (recent.length > 0) {
      lines.push(null, { label: 'Last calls' });
      for (const row of recent) lines.push({ label: callLine(row, time), action: { do: 'activity' } });
    }
  }
  lines.push(
    null,
    { label: 'Open Drawbridge', action: { do: 'open' } },
    { label: 'Settings…', action: { do: 'settings' } },
    null,
    { label: 'Quit Drawbridge', action: { do: 'quit' } },
  );
  return lines;
}

function bridgeLines(mode: string): TrayLine[] {
  if (mode === 'raised') return [{ label: 'Lower the bridge', action: { do: 'lower' } }];
  return [
    { label: 'Raise the bridge (refuse every call)', action: { do: 'raise' } },
    mode === 'bypass'
      ? { label: 'Stop letting every call through', action: { do: 'end-bypass' } }
      : {
          label: `Let every call through for ${BYPASS_MINUTES} minutes`,
          action: { do: 'bypass', minutes: BYPASS_MINUTES },
        },
  ];
}

/** The first line, also the tooltip: one sentence, the most urgent thing first. */
export function stateInWords(view: ShellView, time: (at: number) => string): string {
  const { health, state } = view;
  if (health.kind === 'down')
    return `${health.message} It is started again at ${time(health.retryAt)}. Until then every call fails.`;
  if (!state) return 'Drawbridge is starting.';
  const waiting = waitingCalls(view);
  if (waiting > 0) return `${count(waiting, 'call')} ${waiting === 1 ? 'waits' : 'wait'} for you.`;
  const { mode, until } = state.mode;
  if (mode === 'raised') return 'The bridge is raised: every call is refused.';
  const [paused] = state.paused;
  if (paused)
    return state.paused.length === 1
      ? `${paused.clientName} is paused: its calls are denied.`
      : `${count(state.paused.length, 'client')} are paused: their calls are denied.`;
  const error = state.problems.find((problem) => problem.severity === 'error');
  if (error) return `Problem: ${error.title}`;
  if (mode === 'bypass')
    return until === null ? 'Every call is let through.' : `Every call is let through until ${time(until)}.`;
  const routed = state.clients.filter((client) => client.state === 'routed' || client.state === 'partly');
  if (routed.length === 0) return 'No client goes through Drawbridge yet.';
  const clients = count(routed.length, 'client');
  const observed = state.servers.filter((server) => isObserved(server, state.mode)).length;
  const enforced = state.servers.length - observed;
  const others =
    observed === 0 ? '' : ` ${count(observed, 'server')} ${observed === 1 ? 'is' : 'are'} only observed.`;
  return observed > 0 && enforced === 0
    ? `Observing ${count(observed, 'server')} for ${clients}: nothing is refused.`
    : `Guarding ${count(enforced, 'server')} for ${clients}.${others}`;
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
  const what = menuText(row.tool ?? row.method, NAME_MAX);
  const where = menuText(row.server, NAME_MAX);
  const who = menuText(row.clientName, NAME_MAX);
  return `${time(row.at)}  ${who}: ${what} on ${where}, ${decisionWords[row.decision].ofCall}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
