import { GRANT_SCOPES, type GrantScope, scopeRow } from '../../../shared/approval-scopes.ts';
import type { ApprovalScope } from '../../../shared/schemas/approval.ts';
import type { Clock } from '../ports.ts';
import { type Deadline, deadline } from './deadline.ts';
import type { TicketKey } from './types.ts';

/** A ticket, and a refusal that the caller has not heard yet, are good for this long. */
export const TICKET_MS = 5 * 60_000;

export interface Refusal {
  readonly approvalId: string;
  readonly by: string;
  readonly message: string | null;
}
export interface Grants {
  /** A single use of exactly this call within five minutes. */
  addTicket(key: TicketKey, by: string): void;
  /** More than one use: of exactly this call, or of this tool for this client, as the scope says. */
  addLasting(key: TicketKey, by: string, scope: GrantScope): void;
  /** A refusal for the identical retry of a caller that was told to call again. */
  addRefusal(key: TicketKey, refusal: Refusal): void;
  /** Uses up a ticket, unless a lasting grant covers the call. */
  spend(key: TicketKey): { by: string; scope: ApprovalScope } | undefined;
  takeRefusal(key: TicketKey): Refusal | undefined;
  /** Takes back everything of a client, or everything. */
  clear(clientId?: string): void;
}

/** Every field, so that anything changed asks again. JSON keeps fields apart whatever characters they hold. */
export function wholeKey(key: TicketKey): string {
  const { clientId, server, tool, argsDigest, definitionHash, policyVersion } = key;
  return JSON.stringify([clientId, server, tool, argsDigest, definitionHash, policyVersion]);
}

/** Any arguments of one tool of one client, under the definition and policy that the person saw. */
function toolKey(key: TicketKey): string {
  const { clientId, server, tool, definitionHash, policyVersion } = key;
  return JSON.stringify([clientId, server, tool, definitionHash, policyVersion]);
}

/** Of several grants that cover a call, the widest is named. */
const WIDEST_FIRST = GRANT_SCOPES.toReversed();

/** Grants live in memory only: a restart forgets them all. */
export function createGrants(clock: Clock): Grants {
  const tickets = new Map<string, { by: string; clientId: string; end: Deadline }>();
  /** By scope. `end` is null where the grant lasts until Drawbridge ends. */
  const lasting = new Map<GrantScope, Map<string, { by: string; clientId: string; end: Deadline | null }>>(
    GRANT_SCOPES.map((scope) => [scope, new Map()]),
  );
  const refusals = new Map<string, { refusal: Refusal; clientId: string; end: Deadline }>();

  /** Keeps an entry until its time is over. The timer only frees memory; whether it counts is asked when it is used. */
  function keep<T>(map: Map<string, T>, key: string, entry: T, ms: number): void {
    map.set(key, entry);
    clock.after(ms, () => {
      if (map.get(key) === entry) map.delete(key);
    });
  }
  function live<T extends { end: Deadline | null }>(map: Map<string, T>, key: string): T | undefined {
    const entry = map.get(key);
    if (!entry?.end?.passed()) return entry;
    map.delete(key);
    return undefined;
  }

  function grantsOf(scope: GrantScope) {
    const map = lasting.get(scope);
    if (map === undefined) throw new Error(`No grants are kept for ${scope}.`);
    return map;
  }

  return {
    addTicket(key, by) {
      refusals.delete(wholeKey(key));
      const { clientId } = key;
      keep(tickets, wholeKey(key), { by, clientId, end: deadline(clock, TICKET_MS) }, TICKET_MS);
    },
    addLasting(key, by, scope) {
      refusals.delete(wholeKey(key));
      const { clientId } = key;
      const { covers, ms } = scopeRow(scope);
      const map = grantsOf(scope);
      const covered = covers === 'tool' ? toolKey(key) : wholeKey(key);
      if (ms === null) map.set(covered, { by, clientId, end: null });
      else keep(map, covered, { by, clientId, end: deadline(clock, ms) }, ms);
    },
    addRefusal(key, refusal) {
      const { clientId } = key;
      keep(refusals, wholeKey(key), { refusal, clientId, end: deadline(clock, TICKET_MS) }, TICKET_MS);
    },
    spend(key) {
      const whole = wholeKey(key);
      const tool = toolKey(key);
      for (const scope of WIDEST_FIRST) {
        const grant = live(grantsOf(scope), scopeRow(scope).covers === 'tool' ? tool : whole);
        if (grant) return { by: grant.by, scope };
      }
      const ticket = live(tickets, whole);
      if (!ticket) return undefined;
      tickets.delete(whole);
      return { by: ticket.by, scope: 'once' };
    },
    takeRefusal(key) {
      const entry = live(refusals, wholeKey(key));
      refusals.delete(wholeKey(key));
      return entry?.refusal;
    },
    clear(clientId) {
      for (const map of [tickets, ...lasting.values(), refusals])
        for (const [key, entry] of map)
          if (clientId === undefined || entry.clientId === clientId) map.delete(key);
    },
  };
}
