import type { DefinitionChange, PinHistory, PinView } from '../../../shared/schemas/pin.ts';
import type { DefinitionBlock } from '../policy/types.ts';
import type { ToolEntry } from '../tools/types.ts';

/**
 * How much of a server's tools was listed. `page`: a part; nothing is known about what is not on it. `stored`: what was
 * seen last before this process; counts only where nothing is known of the server.
 */
export type Listed = 'whole' | 'page' | 'stored';

/**
 * The definitions every tool ever had (docs/design/security.md). The first listing of a server is trusted; a later change
 * is judged by its direction, and blocked until a person reviews it where that direction is bad.
 * Kept in `state.db`.
 */
export interface Pins {
  /**
   * A server listed tools. Synchronous, so that nothing of a new definition is used, or shown to a client, before it is
   * judged. Throws when it cannot be written; nothing of the listing may be used then.
   * @returns whether anything is not as it was seen last
   */
  see(server: string, tools: readonly ToolEntry[], listed?: Listed): boolean;
  /** Why a tool may not be used now. Asked for each call: a lookup in memory. */
  block(server: string, tool: string): DefinitionBlock | undefined;
  view(server: string, tool: string): PinView | undefined;
  /**
   * Whether the definition with this hash was in the first listing of its server, was accepted by a person, or is a harmless
   * change of such a definition. A tool that appeared later is not reviewed before a person accepted it.
   */
  reviewed(server: string, tool: string, hash: string): boolean;
  /** What changed since the last reviewed definition; undefined when nothing did. */
  change(server: string, tool: string): DefinitionChange | undefined;
  /** Throws RpcError `not_found`. */
  history(server: string, tool: string): PinHistory;
  /** Throws RpcError `conflict` when the definition is not the one with this hash any more. */
  accept(server: string, tool: string, hash: string): void;
  /** Why all changed tools of a server are blocked together, or null. */
  quarantine(server: string): string | null;
  release(server: string): void;
  blockedTools(server: string): number;
  forget(server: string): void;
  /** Everything known of a server is that of another name from now on; what was known under that one is gone. */
  rename(from: string, to: string): void;
  /** Tools became blocked, or are no longer. */
  onChange(listener: (server: string) => void): void;
}
