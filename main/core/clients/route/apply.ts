import { messageOf } from '../../../../shared/base/message-of.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { pause } from '../../base/pause.ts';
import { FileChanged, Overwritten } from '../files/config-file.ts';
import type { Journal } from '../files/journal.ts';
import type { ClientDeps } from '../types.ts';
import { carryOut, lockOf } from './carry-out.ts';
import { type RowPlan, showPlan } from './file-plan.ts';
import { failure, type Outcome, resultOf } from './results.ts';

/** How often a plan is made anew when a client writes its file between our reading and our writing. */
const TRIES = 6;
/** From this try on the client's lock is held while the plan is made, so that a client that honours it cannot come between. */
const LOCKED_FROM = 3;
/** A client that writes in a row is given a moment. */
const PAUSE_MS = 40;

/**
 * Plans and carries out what a direction means for one client, file by file; a file that fails does not stop the next. With
 * `digest` only what was shown is done.
 */
export async function applyPlan(
  freshPlan: () => Promise<RowPlan>,
  digest: string | undefined,
  journal: Journal,
  deps: ClientDeps,
): Promise<ClientResult> {
  const plan = await freshPlan();
  const { row, direction } = plan;
  if (digest !== undefined && showPlan(plan).digest !== digest)
    return failure(
      row.id,
      row.name,
      `What ${direction === 'connect' ? 'connecting' : 'disconnecting'} ${row.name} would change is not what was shown any more: a file or a server changed since. Nothing was written; look at the new plan.`,
    );
  const outcomes: Outcome[] = [];
  for (const shown of plan.files) {
    const { path } = shown.state;
    let file = shown;
    const anew = async (): Promise<void> => {
      const again = await freshPlan();
      file = again.files.find(({ state }) => state.path === path) ?? file;
    };
    const attempt = async (number: number): Promise<void> => {
      if (number < LOCKED_FROM || row.lock === undefined) {
        if (number > 1) await anew();
        return carryOut(plan, file, journal, deps);
      }
      await lockOf(
        row,
        path,
        deps,
      )(async () => {
        await anew();
        await carryOut(plan, file, journal, deps, (work) => work());
      });
    };
    const error = await tried(path, digest === undefined ? TRIES : 1, attempt, deps);
    outcomes.push({ file, error });
  }
  return resultOf(plan, outcomes);
}

/** Why it failed at last, for people; null when it did not. */
async function tried(
  path: string,
  tries: number,
  attempt: (number: number) => Promise<void>,
  deps: ClientDeps,
): Promise<string | null> {
  for (let number = 1; ; number++) {
    try {
      await attempt(number);
      return null;
    } catch (error) {
      const again = error instanceof FileChanged || error instanceof Overwritten;
      if (!again || number >= tries) {
        deps.ports.log('warn', `${path} was not changed`, error);
        return sentenceOf(path, error);
      }
      if (number > 1) await pause(deps.ports.clock, PAUSE_MS * number);
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'the file system may only be read',
  EACCES: 'this user may not write there',
  EPERM: 'the system does not allow this user to write there',
  EBUSY: 'another program holds the file open',
  EIO: 'the disk reports an error',
  EXDEV: 'its folder spans two file systems, between which a file cannot be replaced in one step',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

function sentenceOf(path: string, error: unknown): string {
  const why = messageOf(error);
  if (why.includes(path) && !(error instanceof Error && 'syscall' in error)) return sentence(why);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  return sentence(`${path} was not changed: ${reason === undefined ? why : `${reason} (${code})`}`);
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
