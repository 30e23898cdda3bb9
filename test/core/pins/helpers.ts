import type { JsonObject } from '../../../main/core/codec/types.ts';
import { createPins } from '../../../main/core/pins/index.ts';
import type { Database } from '../../../main/core/ports.ts';
import { createToolCatalogue } from '../../../main/core/tools/catalogue.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { memoryDatabase } from '../policy/helpers.ts';

/** Pins behind a real catalogue, as the core joins them. */
export function openPins(database: Database = memoryDatabase(), clock: FakeClock = new FakeClock()) {
  const notes: [string, Record<string, unknown>][] = [];
  const changed: string[] = [];
  const pins = createPins({ database, clock, note: (event, detail) => void notes.push([event, detail]) });
  pins.onChange((server) => void changed.push(server));
  const catalogue = createToolCatalogue({ database, clock, pins });
  return {
    pins,
    catalogue,
    clock,
    database,
    notes,
    changed,
    list: (...tools: JsonObject[]) => catalogue.replace('s', tools),
    state: (tool: string) => pins.view('s', tool)?.state,
    rule: (tool: string) => pins.block('s', tool)?.rule,
    hash: (tool: string) => pins.view('s', tool)?.hash ?? '',
  };
}

/** A tool that deletes, with everything a definition can have. */
export const WHOLE: JsonObject = {
  name: 'delete_file',
  title: 'Delete a file',
  description: 'Delete one file of a repository. This is irreversible.',
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Path of the file' },
      branch: { type: 'string', enum: ['main', 'dev'], default: 'main' },
      filter: {
        type: 'object',
        properties: { since: { type: 'string', description: 'Date' } },
        additionalProperties: false,
      },
    },
    required: ['path'],
    additionalProperties: false,
  },
  outputSchema: { type: 'object', properties: { ok: { type: 'boolean', description: 'Whether it worked' } } },
  annotations: {
    title: 'Delete',
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  },
};

/** A copy with one value set; the path is separated by dots. `undefined` takes it away. */
export function withValue(definition: JsonObject, path: string, value: unknown): JsonObject {
  const copy = structuredClone(definition);
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = copy as Record<string, unknown>;
  for (const key of keys) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}
