import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientPlan } from '../../../../shared/schemas/client.ts';
import { BULLETS } from '../entries/credentials.ts';
import { digestOf } from '../files/hash.ts';
import type { ClientRow } from '../table/index.ts';
import type { Direction } from '../types.ts';
import type { RowPlan } from './file-plan.ts';
import { editsOf } from './file-text.ts';
import { maskedDiff } from './masked-diff.ts';

/** The plan as it crosses the contract: diffs with bullets, and a digest that binds an apply to it. */
export function showPlan(plan: RowPlan): ClientPlan {
  const { row, direction } = plan;
  const files = plan.files.map((file) => {
    const { doc, hash } = file.state;
    const edits = file.changes.length > 0 ? editsOf(file, BULLETS) : [];
    return {
      path: file.state.path,
      diff: doc ? maskedDiff(file.state.path, doc, edits, row.format, row.strictness) : '',
      entries: [...file.planned],
      problem: file.problem,
      bound: { before: hash, edits },
    };
  });
  return {
    client: row.id,
    name: row.name,
    direction,
    files: files.map(({ bound: _bound, ...shown }) => shown),
    warnings: [...plan.warnings],
    digest: digestOf({ client: row.id, direction, files: files.map(({ diff: _diff, ...bound }) => bound) }),
  };
}

/** The plan of a client whose files could not be looked at: nothing is done, and it says why. */
export function failedPlan(row: ClientRow, direction: Direction, error: unknown): ClientPlan {
  const problem = messageOf(error);
  return {
    client: row.id,
    name: row.name,
    direction,
    files: [{ path: row.name, diff: '', entries: [], problem }],
    warnings: [],
    digest: digestOf({ client: row.id, direction, problem }),
  };
}
