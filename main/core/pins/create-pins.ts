import { createListeners } from '../../../shared/base/listeners.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { DefinitionChange, PinView } from '../../../shared/schemas/pin.ts';
import type { Clock, Database } from '../ports.ts';
import type { ToolEntry } from '../tools/types.ts';
import { blockOf, quarantineReason } from './block.ts';
import { reviewOf, versionViews } from './history.ts';
import type { ServerRow, ToolRow } from './rows.ts';
import { PinStore } from './store.ts';
import { goneFrom, pinOf, type ServerPins, takeListed } from './take-listed.ts';
import type { Listed, Pins } from './types.ts';

/** How often it is written that an unchanged listing was seen, ms. */
const SEEN_EVERY_MS = 60_000;

export interface PinParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Writes a line of the audit. */
  note(event: string, detail: Record<string, unknown>): void;
}

/** Keeps every definition that a tool had, and says which of them wait for a person (docs/design/security.md). */
export function createPins(parts: PinParts): Pins {
  const { clock, note } = parts;
  const store = new PinStore(parts.database);
  const servers = new Map<string, ServerPins>();
  const listeners = createListeners<[server: string]>();

  const pinsOf = (server: string): ServerPins => {
    let pinned = servers.get(server);
    if (pinned) return pinned;
    const row = store.server(server);
    const current = new Map(store.current(server).map((version) => [version.tool, version]));
    pinned = { row, tools: new Map(), changes: new Map() };
    for (const tool of store.tools(server)) {
      const version = current.get(tool.tool);
      if (version) pinned.tools.set(tool.tool, pinOf(tool, version, row?.quarantine ?? null));
    }
    servers.set(server, pinned);
    return pinned;
  };
  const emit = (server: string): void => {
    listeners.tell(server);
  };

  /** Puts what was written into memory, and tells who must know. */
  const settle = (server: string, pinned: ServerPins, quarantine: string | null): void => {
    let different = false;
    for (const [name, pin] of pinned.tools) {
      const block = blockOf(pin.row, pin.version, quarantine);
      if (block?.rule === pin.block?.rule && block?.reason === pin.block?.reason) continue;
      if ((block === undefined) !== (pin.block === undefined)) different = true;
      pinned.tools.set(name, { ...pin, block });
    }
    if (different) emit(server);
  };

  const see = (server: string, tools: readonly ToolEntry[], listed: Listed = 'whole'): boolean => {
    const pinned = pinsOf(server);
    if (listed === 'stored' && pinned.row) return false;
    const now = clock.now();
    const gone = listed === 'whole' ? goneFrom(pinned, tools) : [];
    const changes = tools
      .map((entry) => takeListed({ store, now }, server, pinned, entry, gone))
      .filter((one) => one !== undefined);
    const whole = listed !== 'page';
    const before = pinned.row;
    const listedAt = before?.listedAt ?? (whole ? now : null);
    if (
      changes.length === 0 &&
      gone.length === 0 &&
      before?.listedAt === listedAt &&
      now - before.seenAt < SEEN_EVERY_MS
    )
      return false;
    const flipped = changes.find(({ row }) => row.flipping && !pinned.tools.get(row.tool)?.row.flipping);
    const quarantine = before?.quarantine ?? (flipped ? quarantineReason(flipped.row.tool) : null);
    const row: ServerRow = { listedAt, seenAt: now, quarantine };
    let forgotten: string[] = [];
    store.together(() => {
      for (const { row: tool, judged } of changes) {
        const old = pinned.tools.get(tool.tool);
        if (old && old.row.hash !== tool.hash)
          store.lastSeen(server, tool.tool, old.row.hash, before?.seenAt ?? now);
        if (old?.row.hash !== tool.hash) store.putVersion(server, judged.version);
        store.putTool(server, tool);
      }
      for (const pin of gone) {
        store.lastSeen(server, pin.row.tool, pin.row.hash, before?.seenAt ?? now);
        store.putTool(server, { ...pin.row, listed: false });
      }
      store.putServer(server, row);
      if (changes.length > 0) forgotten = store.trim(server);
    });
    // Written: from here on nothing can fail.
    pinned.row = row;
    const newly: { tool: string; rule: string; kinds: readonly string[]; hash: string }[] = [];
    let different = false;
    for (const { row: tool, judged } of changes) {
      const wasBlocked = pinned.tools.get(tool.tool)?.block;
      const pin = pinOf(tool, judged.version, quarantine);
      if ((pin.block === undefined) !== (wasBlocked === undefined)) different = true;
      if (pin.block && pin.block.rule !== wasBlocked?.rule)
        newly.push({ tool: tool.tool, rule: pin.block.rule, kinds: judged.version.kinds, hash: tool.hash });
      pinned.tools.set(tool.tool, pin);
    }
    for (const pin of gone) pinned.tools.set(pin.row.tool, { ...pin, row: { ...pin.row, listed: false } });
    for (const tool of forgotten) pinned.tools.delete(tool);
    for (const one of newly) note('definition-blocked', { server, ...one });
    if (quarantine !== null && before?.quarantine == null) {
      note('definitions-quarantined', { server, why: quarantine });
      settle(server, pinned, quarantine);
    }
    if (different) emit(server);
    return changes.length > 0 || gone.length > 0;
  };

  const view = (server: string, tool: string): PinView | undefined => {
    const pin = pinsOf(server).tools.get(tool);
    if (!pin) return undefined;
    const { row, version, block } = pin;
    return {
      state: block ? 'blocked' : STATES[version.standing],
      hash: row.hash,
      since: row.since,
      versions: row.versions,
      reasons:
        block && version.standing !== 'blocked' ? [block.reason, ...version.reasons] : [...version.reasons],
    };
  };

  const change = (server: string, tool: string): DefinitionChange | undefined => {
    const pinned = pinsOf(server);
    const pin = pinned.tools.get(tool);
    if (!pin) return undefined;
    const key = `${pin.row.hash} ${pin.version.standing} ${pin.row.flipping}`;
    const known = pinned.changes.get(tool);
    if (known?.key === key) return known.change;
    const found = reviewOf(pin.row, store.versions(server, tool));
    if (pinned.changes.size > 200) pinned.changes.clear();
    pinned.changes.set(tool, { key, change: found });
    return found;
  };

  return {
    see,
    view,
    change,
    block: (server, tool) => pinsOf(server).tools.get(tool)?.block,
    reviewed(server, tool, hash) {
      const pin = pinsOf(server).tools.get(tool);
      const standing =
        pin?.row.hash === hash ? pin.version.standing : store.version(server, tool, hash)?.standing;
      return standing === 'first' || standing === 'person' || standing === 'passed';
    },
    history(server, tool) {
      const pin = view(server, tool);
      if (!pin)
        throw new RpcError(
          'not_found',
          `${server} was never seen to list a tool named ${tool}.`,
          'List its tools again.',
        );
      const pinned = pinsOf(server);
      const versions = versionViews(store.versions(server, tool), pin.hash, pinned.row?.seenAt ?? pin.since);
      return { pin, review: change(server, tool) ?? null, versions };
    },
    accept(server, tool, hash) {
      const pinned = pinsOf(server);
      const pin = pinned.tools.get(tool);
      if (!pin || pin.row.hash !== hash)
        throw new RpcError(
          'conflict',
          `${tool} changed again since it was looked at.`,
          'Look at what it says now, then accept that.',
        );
      const at = clock.now();
      const row: ToolRow = { ...pin.row, flipping: false, returns: [] };
      store.together(() => {
        store.accept(server, tool, hash, at);
        store.putTool(server, row);
      });
      const version = { ...pin.version, standing: 'person' as const, reviewedAt: at };
      pinned.tools.set(tool, pinOf(row, version, pinned.row?.quarantine ?? null));
      note('definition-accepted', { server, tool, hash, kinds: pin.version.kinds });
      emit(server);
    },
    quarantine: (server) => pinsOf(server).row?.quarantine ?? null,
    release(server) {
      const pinned = pinsOf(server);
      if (!pinned.row || pinned.row.quarantine === null) return;
      const row: ServerRow = { ...pinned.row, quarantine: null };
      const flipping = [...pinned.tools.values()].filter(({ row }) => row.flipping || row.returns.length > 0);
      const calm = (tool: ToolRow): ToolRow => ({ ...tool, flipping: false, returns: [] });
      store.together(() => {
        store.putServer(server, row);
        for (const pin of flipping) store.putTool(server, calm(pin.row));
      });
      pinned.row = row;
      for (const pin of flipping) pinned.tools.set(pin.row.tool, { ...pin, row: calm(pin.row) });
      note('definitions-released', { server });
      settle(server, pinned, null);
    },
    blockedTools(server) {
      let count = 0;
      for (const { row, block } of pinsOf(server).tools.values()) if (row.listed && block) count++;
      return count;
    },
    rename(from, to) {
      store.rename(from, to);
      servers.delete(from);
      servers.delete(to);
    },
    forget(server) {
      store.forget(server);
      servers.delete(server);
    },
    onChange: (listener) => void listeners.add(listener),
  };
}

const STATES = {
  first: 'first-seen',
  person: 'reviewed',
  passed: 'passed',
  new: 'new',
  blocked: 'blocked',
} as const;
