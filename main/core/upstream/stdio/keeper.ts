import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Log } from '../../ports.ts';

/**
 * Ends servers that outlive a killed core. Most end by themselves when their input does; one that does not would go on
 * forever, because nothing of a core that was killed with -9 can run. So a small separate shell is given every process
 * group, and when its own input ends it waits, sends TERM to what is left, then KILL.
 * POSIX only: on Windows there is no such shell.
 */
export interface Keeper {
  /** Call when a child (leader of its process group) runs. */
  watch(group: number): void;
  /** Call when no process of the group is left. */
  forget(group: number): void;
  /** In an orderly end, when every group is gone. */
  stop(): void;
}

/** Seconds a server has to end by itself, and again after TERM; as for an orderly end. */
const GRACE_S = 2;
const SCRIPT = `
trap '' HUP INT TERM
groups=
while read -r what group; do
  kept=
  for one in $groups; do [ "$one" = "$group" ] || kept="$kept $one"; done
  groups=$kept
  [ "$what" = + ] && groups="$groups $group"
done
[ -n "$groups" ] || exit 0
sleep ${GRACE_S}
for one in $groups; do kill -TERM "-$one" 2>/dev/null; done
sleep ${GRACE_S}
for one in $groups; do kill -KILL "-$one" 2>/dev/null; done
exit 0
`;

export function createKeeper(platform: NodeJS.Platform, log: Log): Keeper {
  if (platform === 'win32') return { watch() {}, forget() {}, stop() {} };
  let shell: ChildProcess | undefined;
  const watched = new Set<number>();

  const tell = (line: string): void => {
    shell?.stdin?.write(`${line}\n`);
  };
  /** Started with the first server, and again should it be killed while servers run. */
  const start = (): void => {
    const started = spawn('/bin/sh', ['-c', SCRIPT, 'drawbridge-keeper'], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
    });
    const gone = (why: unknown): void => {
      if (shell !== started) return;
      shell = undefined;
      log('warn', 'The keeper of server processes ended; the next server starts it again', why);
    };
    started.on('error', gone);
    started.stdin?.on('error', gone);
    started.on('exit', (code) => gone({ code }));
    started.unref();
    // Its pipe must not keep our process going either.
    (started.stdin as Socket | null)?.unref();
    shell = started;
    for (const group of watched) tell(`+ ${group}`);
  };

  return {
    watch(group) {
      watched.add(group);
      if (shell) tell(`+ ${group}`);
      else start();
    },
    forget(group) {
      if (watched.delete(group)) tell(`- ${group}`);
    },
    stop() {
      const ending = shell;
      shell = undefined;
      ending?.stdin?.end();
    },
  };
}
