import { useMemo } from 'react';
import type { ServerView } from '../../../../shared/schemas/server.ts';
import { useCore, useLoad } from '../../../client/hooks.ts';

const WEEK_MS = 7 * 86_400_000;
/** As many rows as one page holds. */
const MOST = 1000;

/** A count that may be larger than what was read. */
export interface Times {
  readonly n: number;
  readonly more: boolean;
}
export interface ObservedServer {
  readonly server: ServerView;
  readonly asked: Times;
  readonly denied: Times;
}

/**
 * The servers whose policy is observed and not enforced, with what enforcing would have done in the last seven days, as it
 * was recorded call by call. Undefined until it is read.
 */
export function useObserved(): { servers: ServerView[]; counted: ObservedServer[] | undefined } {
  const all = useCore((state) => state.servers);
  const servers = useMemo(() => all.filter(({ effectiveMode }) => effectiveMode === 'observe'), [all]);
  // Counted again when the servers change, not with each call: it is a summary of a week.
  const key = servers.map(({ name }) => name).join('\n');
  const asked = useLoad('audit.page', { would: 'ask', limit: MOST }, `ask ${key}`);
  const denied = useLoad('audit.page', { would: 'deny', limit: MOST }, `deny ${key}`);
  const hidden = useLoad('audit.page', { would: 'hide', limit: MOST }, `hide ${key}`);
  const counted = useMemo(() => {
    if (!asked.data || !denied.data || !hidden.data) return undefined;
    const since = Date.now() - WEEK_MS;
    const count = (rows: readonly { server: string; at: number }[], name: string): Times => ({
      n: rows.filter((row) => row.server === name && row.at >= since).length,
      more: rows.length === MOST && (rows.at(-1)?.at ?? 0) >= since,
    });
    return servers.map((server) => {
      const refused = [denied.data ?? [], hidden.data ?? []].map((rows) => count(rows, server.name));
      return {
        server,
        asked: count(asked.data ?? [], server.name),
        denied: total(refused),
      };
    });
  }, [servers, asked.data, denied.data, hidden.data]);
  return { servers, counted };
}

export function total(times: readonly Times[]): Times {
  return { n: times.reduce((sum, { n }) => sum + n, 0), more: times.some(({ more }) => more) };
}
