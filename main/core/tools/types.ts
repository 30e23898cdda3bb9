import type { Risk } from '../../../shared/schemas/common.ts';
import type { JsonObject } from '../codec/types.ts';

/** A tool as its server lists it. */
export interface ToolEntry {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** The definition as listed: name, title, description, schemas, annotations. */
  readonly definition: JsonObject;
  /** SHA-256 over the canonical definition. */
  readonly hash: string;
  readonly risk: Risk;
}

/** What every server was last seen to list. Kept in the data folder, so that windows show tools of stopped servers. */
export interface ToolCatalogue {
  /**
   * Takes a whole listing (all pages). Tells listeners when it differs from the last.
   * @param fingerprint of the bytes the definitions were read from: with the one of the last listing there is nothing to do,
   *   and a function that gives them is not asked
   */
  replace(
    server: string,
    definitions: readonly JsonObject[] | (() => readonly JsonObject[]),
    fingerprint?: string,
  ): void;
  /** Null before the first listing. */
  list(server: string): readonly ToolEntry[] | null;
  find(server: string, tool: string): ToolEntry | undefined;
  forget(server: string): void;
  onChange(listener: (server: string) => void): void;
}
