import { ANTHROPIC } from './anthropic.ts';
import { APPS } from './apps.ts';
import { BY_HAND } from './by-hand.ts';
import { COPILOT } from './copilot.ts';
import { EDITORS } from './editors.ts';
import { EXTENSIONS } from './extensions.ts';
import { MORE_TERMINALS } from './more-terminals.ts';
import { TERMINALS } from './terminals.ts';
import type { ClientRow, Patience } from './types.ts';
import { XCODE } from './xcode.ts';

export type { RuleFile } from './organisation.ts';
export type {
  ByHand,
  ClientRow,
  Dialect,
  Evidence,
  LockKind,
  PathTemplate,
  Patience,
  PerSystem,
  Shape,
  System,
  Variables,
} from './types.ts';

/**
 * The AI clients Drawbridge knows. A new one is a row in one of the files of this folder, a driver in formats/ when its file
 * is of a new kind, a line in test/core/clients/formats/golden-places.ts with golden files in test/fixtures/clients (and how
 * tests read a new kind, in kinds.ts), and a line in docs/clients.md.
 */
export const CLIENTS: readonly ClientRow[] = [
  ...ANTHROPIC,
  ...EDITORS,
  ...EXTENSIONS,
  ...TERMINALS,
  ...MORE_TERMINALS,
  ...COPILOT,
  ...XCODE,
  ...APPS,
  ...BY_HAND,
];

export function clientRow(id: string): ClientRow | undefined {
  return CLIENTS.find((row) => row.id === id);
}

/** How long calls of a client may be held, by client; those that are not in it are as patient as most. */
export const PATIENCE: Readonly<Record<string, Patience>> = Object.fromEntries(
  CLIENTS.flatMap(({ id, patience }) => (patience ? [[id, patience]] : [])),
);

/** The name people see; a client configured by hand is called by its id. */
export function clientName(id: string): string {
  return clientRow(id)?.name ?? id;
}
