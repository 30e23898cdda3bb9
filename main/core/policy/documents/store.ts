import { createHash } from 'node:crypto';
import { createListeners } from '../../../../shared/base/listeners.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { PolicyState } from '../../../../shared/schemas/server.ts';
import { createQueue } from '../../base/queue.ts';
import type { Clock, Files, Log } from '../../ports.ts';
import type { PolicyInForce, PolicyLookup } from '../judge/engine.ts';
import { denyEverything } from '../language/check.ts';
import type { CompiledPolicy } from '../language/compile.ts';
import { parsePolicy, problemText } from '../language/parse.ts';
import type { PolicyStore } from '../types.ts';
import { policyFileName } from './file-name.ts';
import { PolicyFiles } from './policy-files.ts';
import { watchFolder } from './watch-folder.ts';

export interface PolicyStoreParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** `<data>/policies`. Made if it is not there. */
  readonly dir: string;
  /** The recommended document for a server that has no file yet. */
  recommended(server: string): string;
  /** Tells about changes in a folder; node:fs unless a test says otherwise. The poll finds what it misses. */
  readonly watch?: (dir: string, changed: () => void, failed: (error: unknown) => void) => () => void;
}
export interface PolicyStoreWithLookup extends PolicyStore, PolicyLookup {
  /** To be called when the tools of a server changed: its recommended document is made again when next needed. */
  recommendedChanged(server: string): void;
  /** Reads the folder again now; resolves when everything found is in force. */
  reload(): Promise<void>;
}

interface Loaded extends PolicyInForce {
  readonly text: string;
  readonly broken: string | null;
  /** Size, time and inode of the file read last; a difference means: read again. */
  readonly stamp: string;
}

const DEBOUNCE_MS = 100;
const POLL_MS = 2000;
/** A file must be gone this long before its policy is given up: editors remove and rename while saving. */
const GONE_MS = 1500;

/**
 * The policy documents of a data folder. Resolves when all were read. A broken file leaves the last good policy in force,
 * also after a restart (`<file>.good` keeps it); a broken file that never was good denies everything.
 */
export async function createPolicyStore(parts: PolicyStoreParts): Promise<PolicyStoreWithLookup> {
  const { clock, log, dir } = parts;
  const onDisk = new PolicyFiles(parts);
  /** By file name. */
  const loaded = new Map<string, Loaded>();
  const gone = new Map<string, number>();
  const recommended = new Map<string, Loaded>();
  /** File name → servers asked for under it, so that listeners hear names. */
  const servers = new Map<string, string>();
  const listeners = createListeners<[server: string]>();
  let stopped = false;
  const inTurn = createQueue();
  const tell = (file: string) => {
    const server = servers.get(file);
    if (server === undefined) return;
    listeners.tell(server);
  };
  const fileNames = new Map<string, string>();
  const fileOf = (server: string) => {
    let file = fileNames.get(server);
    if (file === undefined) {
      file = policyFileName(server);
      fileNames.set(server, file);
      servers.set(file, server);
    }
    return file;
  };

  /** Puts a text into force, or says why not and keeps what was. Returns whether anything changed. */
  const take = async (file: string, text: string, stamp: string): Promise<boolean> => {
    const before = loaded.get(file);
    const parsed = parsePolicy(text);
    if (parsed.ok) {
      loaded.set(file, { ...inForce(parsed.policy, text), broken: null, stamp });
      for (const { path, message } of parsed.warnings) log('warn', `${file}: ${message} (at ${path})`);
      await onDisk.keepGood(file, text);
      return before?.version !== versionOf(text) || before.broken !== null;
    }
    const first = parsed.problems[0];
    const more = parsed.problems.length > 1 ? ` There are ${parsed.problems.length - 1} more problems.` : '';
    const fault = first === undefined ? 'not a policy' : problemText(first);
    const last = before ?? (await lastGood(file));
    const kept =
      last === undefined
        ? 'Everything is denied until it is corrected.'
        : 'The last good policy stays in force.';
    const broken = `${file}: ${fault}${more} ${kept}`;
    if (before?.broken !== broken) log('error', broken);
    // The text shown stays the one on disk, so that it can be corrected; the policy in force is a different one.
    loaded.set(file, { ...(last ?? inForce(denyEverything(), '')), text, broken, stamp });
    return before?.broken !== broken;
  };

  const lastGood = async (file: string): Promise<Omit<Loaded, 'broken' | 'stamp'> | undefined> => {
    const text = await onDisk.lastGood(file);
    const parsed = text === undefined ? undefined : parsePolicy(text);
    return parsed?.ok ? inForce(parsed.policy, text as string) : undefined;
  };

  const scan = async () => {
    const names = await onDisk.names();
    for (const file of names) {
      gone.delete(file);
      try {
        const stamp = await onDisk.stamp(file);
        if (loaded.get(file)?.stamp === stamp) continue;
        const text = await onDisk.read(file);
        if (text !== undefined && (await take(file, text, stamp))) tell(file);
      } catch (error) {
        unreadable(file, error);
      }
    }
    for (const file of [...loaded.keys()]) if (!names.includes(file)) await missing(file);
  };

  /** A file that is there and cannot be read must not fall back to the recommended rules. */
  const unreadable = (file: string, error: unknown) => {
    const before = loaded.get(file);
    const message = messageOf(error);
    const broken = `${file}: cannot be read (${message}). ${before ? 'The last good policy stays in force.' : 'Everything is denied until it can be.'}`;
    if (before?.broken === broken) return;
    log('error', broken);
    loaded.set(file, { ...(before ?? { ...inForce(denyEverything(), ''), text: '' }), broken, stamp: '' });
    tell(file);
  };

  const missing = async (file: string) => {
    const since = gone.get(file);
    if (since === undefined) {
      gone.set(file, clock.monotonic());
      clock.after(GONE_MS, () => void rescan());
      return;
    }
    if (clock.monotonic() - since < GONE_MS) return;
    gone.delete(file);
    loaded.delete(file);
    await onDisk.dropGood(file);
    log('warn', `${file}: was removed; the recommended rules apply again and are observed.`);
    tell(file);
  };

  const rescan = () =>
    inTurn(async () => {
      if (!stopped) await scan();
    }).catch((error) => log('error', `${dir}: the policies could not be read; those in force stay`, error));

  const current = (server: string): Loaded => {
    const file = fileOf(server);
    const own = loaded.get(file);
    if (own !== undefined) return own;
    let made = recommended.get(server);
    if (made === undefined) {
      const text = parts.recommended(server);
      const parsed = parsePolicy(text);
      if (!parsed.ok)
        throw new Error(
          `The recommended policy of ${server} does not parse: ${parsed.problems.map(problemText).join(' ')}`,
        );
      made = { ...inForce(parsed.policy, text), source: 'recommended', broken: null, stamp: '' };
      recommended.set(server, made);
    }
    return made;
  };
  const stateOf = (server: string): PolicyState => {
    const { source, version, broken } = current(server);
    return { source, version, broken };
  };

  await onDisk.prepare();
  await scan();

  let cancelDebounce: (() => void) | undefined;
  const stopWatching = (parts.watch ?? watchFolder)(
    dir,
    () => {
      cancelDebounce?.();
      cancelDebounce = clock.after(DEBOUNCE_MS, () => void rescan());
    },
    (error) => log('warn', `${dir}: changes are found by polling only`, error),
  );
  const stopPolling = clock.every(POLL_MS, () => void rescan());

  return {
    text: (server) => current(server).text,
    state: stateOf,
    lookup: current,
    recommendedChanged(server) {
      recommended.delete(server);
      if (!loaded.has(fileOf(server))) listeners.tell(server);
    },
    set: (server, text) =>
      inTurn(async () => {
        const parsed = parsePolicy(text);
        if (!parsed.ok) throw new RpcError('bad_input', parsed.problems.map(problemText).join('\n'));
        const file = fileOf(server);
        await onDisk.write(file, text);
        const stamp = await onDisk.stamp(file);
        gone.delete(file);
        const changed = await take(file, text, stamp);
        if (changed) tell(file);
        return stateOf(server);
      }),
    onChange: (listener) => void listeners.add(listener),
    reload: () => inTurn(scan),
    stop() {
      stopped = true;
      cancelDebounce?.();
      stopWatching();
      stopPolling();
    },
  };
}

function inForce(policy: CompiledPolicy, text: string): Omit<Loaded, 'broken' | 'stamp'> {
  return { policy, text, source: 'file', version: versionOf(text) };
}

/** First 12 hex digits of SHA-256 over the text. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
