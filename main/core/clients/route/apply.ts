import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { resultText } from '../../../../shared/text/core/clients.ts';
import { pause } from '../../base/pause.ts';
import { FileChanged, Overwritten } from '../files/config-file.ts';
import { mustQuitFirst } from '../scan/running.ts';
import type { ClientRow } from '../table/index.ts';
import type { RowPlan } from './file-plan.ts';
import { FileWork } from './file-work.ts';
import { failure, type Outcome, resultOf } from './results.ts';
import { freshPlan } from './run.ts';
import { showPlan } from './show-plan.ts';
import type { Wish, Workbench } from './workbench.ts';

/** How often a plan is made again when a client writes its file between our reading and our writing. */
const TRIES = 6;
/** From this try on the client's lock is held while the plan is made, so that a client that honours it cannot come between. */
const LOCKED_FROM = 3;
/** A client that writes in a row is given a moment. */
const PAUSE_MS = 40;
/** How often a file is looked at that may be between two states. */
const LOOKS = 4;
const LOOK_AGAIN_MS = 50;

/**
 * Plans and does what is wished for one client. With `digest` only the plan that was shown is carried out. A client that has
 * to quit first is left alone, unless everything is put back by `force`.
 */
export async function applyRow(
  row: ClientRow,
  wish: Wish,
  digest: string | undefined,
  bench: Workbench,
): Promise<ClientResult> {
  const quit = wish.force ? null : await mustQuitFirst(row, bench.ports);
  if (quit !== null) return failure(row.id, row.name, resultText.nothingBecause(quit));
  return applyPlan(() => freshPlan(row, wish, bench), digest, bench);
}

/**
 * Carries out what `makePlan` gives for one client, file by file; a file that fails does not stop the next. With `digest`
 * only what was shown is done.
 */
export async function applyPlan(
  makePlan: () => Promise<RowPlan>,
  digest: string | undefined,
  bench: Workbench,
): Promise<ClientResult> {
  const plan = await settledPlan(makePlan, bench);
  const { row, direction } = plan;
  if (digest !== undefined && showPlan(plan).digest !== digest)
    return failure(row.id, row.name, resultText.planOutdated(row.name, direction));
  const outcomes: Outcome[] = [];
  for (const shown of plan.files) {
    const { path } = shown.state;
    let file = shown;
    const replan = async (): Promise<void> => {
      const again = await makePlan();
      file = again.files.find(({ state }) => state.path === path) ?? file;
    };
    const attempt = async (number: number): Promise<void> => {
      if (number < LOCKED_FROM || row.lock === undefined) {
        if (number > 1) await replan();
        return new FileWork(file, bench).carryOut();
      }
      await new FileWork(file, bench).lock(async () => {
        await replan();
        await new FileWork(file, bench).carryOut((work) => work());
      });
    };
    const error = await tried(path, digest === undefined ? TRIES : 1, attempt, bench);
    outcomes.push({ file, error });
  }
  return resultOf(plan, outcomes);
}

/**
 * A plan that still holds at a second and third look, where the first one met a file that is empty, away or half written:
 * clients truncate their file and write it anew.
 */
async function settledPlan(makePlan: () => Promise<RowPlan>, { ports }: Workbench): Promise<RowPlan> {
  for (let look = 1; ; look++) {
    const plan = await makePlan();
    if (look === LOOKS || !plan.files.some(({ unsettled }) => unsettled)) return plan;
    await pause(ports.clock, LOOK_AGAIN_MS * look);
  }
}

/** Why it failed at last, for people; null when it did not. */
async function tried(
  path: string,
  tries: number,
  attempt: (number: number) => Promise<void>,
  { ports }: Workbench,
): Promise<string | null> {
  for (let number = 1; ; number++) {
    try {
      await attempt(number);
      return null;
    } catch (error) {
      const again = error instanceof FileChanged || error instanceof Overwritten;
      if (!again || number >= tries) {
        ports.log('warn', `${path} was not changed`, error);
        return sentenceOf(path, error);
      }
      if (number > 1) await pause(ports.clock, PAUSE_MS * number);
    }
  }
}

function sentenceOf(path: string, error: unknown): string {
  const why = messageOf(error);
  if (why.includes(path) && !(error instanceof Error && 'syscall' in error)) return resultText.ended(why);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return resultText.notChanged(path, why, code);
}
