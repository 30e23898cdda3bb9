import type { DefinitionChange, PinHistory, PinView } from '../../../shared/schemas/pin.ts';
import type { DefinitionBlock } from '../policy/types.ts';
import type { ToolEntry } from '../tools/types.ts';

/**
 * The definitions every tool ever had (policy.md, "Definition pins"). The first listing of a server is taken on trust;
 * what changes after it is judged by its direction, and blocked until a person reviews it where that direction is bad.
 * Kept in `state.db`.
 */
export interface Pins {
  /** The catalogue took a whole listing (all pages). Synchronous, so that nothing of a new definition is used before it is judged. */
  see(server: string, tools: readonly ToolEntry[]): void;
  /** Why a tool may not be used now. Asked for each call: a lookup in memory. */
  block(server: string, tool: string): DefinitionBlock | undefined;
  view(server: string, tool: string): PinView | undefined;
  /** Whether a person or the first listing vouches for the definition with this hash. */
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
  onChange(listener: (server: string) => void): void;
}
