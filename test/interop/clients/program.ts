import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type Home, root } from '../kit.ts';
import type { StandInModel } from './model/stand-in-model.ts';
import type { Outside } from './outside.ts';

/** A server as the person has it in the client's file: started by the client itself. */
export interface Direct {
  readonly name: string;
  readonly args: readonly string[];
}

/** Where a program is run. */
export interface Place {
  readonly home: Home;
  readonly outside: Outside;
  readonly model: StandInModel;
}

/** How one client is tried. */
export interface Check {
  /** Row of the client table. */
  readonly id: string;
  /** Whose program reads the file: the client's own, or another that reads the same file. */
  readonly program: string | 'inspector';
  /** The client's file below the home folder, and what stands in it before. */
  readonly file: string;
  /** @param model base URL of the stand-in model, for clients that keep it in the same file */
  write(servers: readonly Direct[], model: string): string;
  /** What else a person has set up before the first start. */
  prepare?(program: string, place: Place): Promise<void>;
  /** Runs the program; gives what it said about its servers. */
  run(program: string, place: Place): Promise<string>;
  /**
   * Has one conversation with the stand-in model; gives what the program said. Absent where the program talks to no model of
   * one's own.
   */
  talk?(program: string, place: Place): Promise<string>;
  /** Says in the program's own words that a server is reached. */
  connected(server: string): RegExp;
  /** It calls a tool of each server, so that the gateway's record has these calls. */
  readonly calls?: true;
  /** It writes its file itself at every start, so that only its servers can be compared. */
  readonly rewrites?: true;
}

/** Nothing of the real home, our Node first, and no way out of this machine. */
export function environment({ home, outside }: Place): NodeJS.ProcessEnv {
  return {
    HOME: home.dir,
    PATH: `${join(root, 'node_modules', '.bin')}:/usr/local/bin:/usr/bin:/bin`,
    SHELL: '/bin/sh',
    NO_COLOR: '1',
    TERM: 'dumb',
    DO_NOT_TRACK: '1',
    ...outside.env,
  };
}

/** Everything a program says, without colours. Programs of others end with 0 also where a server is not reached. */
export function output(
  place: Place,
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      cwd: place.home.dir,
      env: { ...environment(place), ...env },
      timeout: 300_000,
      maxBuffer: 16 * 1024 * 1024,
    };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error?.killed) fail(new Error(`${file} did not end within 5 minutes: ${stdout}${stderr}`));
      else done(`${stdout}${stderr}`.replaceAll(/\u001B\[[0-9;]*m/g, ''));
    });
    // Several read a prompt from a standard input that is not a terminal.
    child.stdin?.end();
  });
}
