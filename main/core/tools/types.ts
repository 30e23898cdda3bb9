import type { Risk } from '../../../shared/schemas/common.ts';
import type { JsonObject } from '../codec/types.ts';

/** A tool as its server lists it. */
export interface ToolEntry {
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  /** The definition as listed: name, title, description, schemas, annotations. */
  readonly definition: JsonObject;
  /** SHA-256 over the canonical JSON of what is pinned of it. */
  readonly hash: string;
  readonly risk: Risk;
}

/** What every server was last seen to list. Kept in the data folder, so that windows show tools of stopped servers. */
export interface ToolCatalogue {
  /**
   * Takes a whole listing (all pages). Listeners are called when it differs from the last.
   * @param fingerprint of the bytes the definitions were read from: with the one of the last listing there is nothing to do,
   *   and a function that gives them is not asked
   */
  replace(
    server: string,
    definitions: readonly JsonObject[] | (() => readonly JsonObject[]),
    fingerprint?: string,
  ): void;
  /**
   * A page of a listing that has several: judged at once, because a client is shown it before the rest is known. What can be
   * found stays as it is until the whole listing is there.
   * @param fingerprint of the page's bytes: pages that were judged, with nothing new since, are not read again
   */
  page(server: string, definitions: () => readonly JsonObject[], fingerprint: string): void;
  /** Null before the first listing. */
  list(server: string): readonly ToolEntry[] | null;
  find(server: string, tool: string): ToolEntry | undefined;
  forget(server: string): void;
  onChange(listener: (server: string) => void): void;
}

/** A catalogue of which a server can be given another name. */
export interface StoredCatalogue extends ToolCatalogue {
  /** The last listing of a server is that of another name from now on. The pins are renamed by themselves. */
  rename(from: string, to: string): void;
}
