import { isObject } from '../../../shared/base/is-object.ts';

/** What a list of policies shows of a document: how many rules it has, and which clients have rules of their own. */
export interface PolicySummary {
  /** Entries of tools, hidden patterns and limits for every tool, those for single clients included. */
  readonly rules: number;
  readonly clients: readonly string[];
}

/** Null for a text that is no policy document. */
export function policySummary(text: string): PolicySummary | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(document)) return null;
  const overlays = isObject(document.clients) ? document.clients : {};
  return {
    rules: [document, ...Object.values(overlays)].reduce<number>((sum, layer) => sum + rulesOf(layer), 0),
    clients: Object.keys(overlays),
  };
}

function rulesOf(layer: unknown): number {
  if (!isObject(layer)) return 0;
  const tools = isObject(layer.tools) ? Object.keys(layer.tools).length : 0;
  const hidden = Array.isArray(layer.hide) ? layer.hide.length : 0;
  const forAll = isObject(layer.all_tools)
    ? Object.values(layer.all_tools).reduce<number>(
        (sum, checks) => sum + (Array.isArray(checks) ? checks.length : 1),
        0,
      )
    : 0;
  return tools + hidden + forAll;
}
