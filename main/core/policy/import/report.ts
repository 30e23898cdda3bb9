import type { PolicyProblem } from '../types.ts';
import type { Place } from './yaml-tree.ts';

export interface Change {
  readonly path: string;
  readonly message: string;
}

/** Collects what an import changes and what it cannot carry over. What holds at many places is said once, at the first. */
export class Report {
  readonly problems: PolicyProblem[] = [];
  readonly #changes = new Map<string, { readonly path: string; readonly message: string; count: number }>();

  change(at: Place, message: string): void {
    const known = this.#changes.get(message);
    if (known === undefined) this.#changes.set(message, { path: at.path, message, count: 1 });
    else known.count += 1;
  }

  problem({ path, line }: Place, message: string, suggestion: string | null = null): void {
    this.problems.push({ path, message: `${line}: ${message}`, suggestion });
  }

  get changes(): Change[] {
    return [...this.#changes.values()].map(({ path, message, count }) => ({
      path,
      message: count === 1 ? message : `${message} (Here and at ${count - 1} more.)`,
    }));
  }
}
