import type { StartAtLogin } from '../../../shared/schemas/start-at-login.ts';

/** One way in which this system starts programs at login. */
export interface Method {
  readonly kind: StartAtLogin['kind'];
  /** For people: the file or task. */
  readonly place: string;
  /** `foreign`: somebody else's is there under that name. `outdated`: ours, but not as it would be written now. */
  state(): Promise<'on' | 'off' | 'foreign' | 'outdated'>;
  /** Puts it on, also over one of ours. Resolves with what a person should know. Never called where it is `foreign`. */
  enable(): Promise<string[]>;
  /** Takes away exactly what {@link enable} wrote. */
  disable(): Promise<void>;
}

/** What a method needs to know. All paths are absolute. */
export interface Place {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly dataDir: string;
}

/** Runs a program of the system and gives what it printed. Rejects, with its words, where it fails or is not there. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/** Stands in every file and task of ours: what holds it was written by Drawbridge. */
export const MARK = 'Written by Drawbridge';
