import { readFileSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../../../main/core/ports.ts';
import { PLACES } from './formats/golden-places.ts';
import type { Scratch } from './kit.ts';

/** One operation on the file system, numbered from 1. */
export interface Step {
  readonly number: number;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Does what was asked for, on the real files. */
  readonly run: () => Promise<unknown>;
  /** Does the first part of a write; nothing for anything else. */
  readonly byHalf: () => Promise<void>;
}

/** Real files on which every operation, also those on open files, goes through `take`. Nothing is flushed to the disk. */
export function steppedFiles(take: (step: Step) => Promise<unknown>): {
  readonly files: Files;
  readonly count: () => number;
  /** A step outside the file system, such as a write of a key store in memory. */
  readonly outside: () => void;
} {
  let number = 0;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_target, name) {
        const fn: unknown = Reflect.get(target, name);
        if (typeof fn !== 'function') return fn;
        return async (...args: unknown[]): Promise<unknown> => {
          number += 1;
          const method = String(name);
          const run = async (): Promise<unknown> => {
            if (method === 'sync') return undefined;
            const result: unknown = await fn.apply(target, args);
            return method === 'open' ? wrap(result as object) : result;
          };
          const byHalf = async (): Promise<void> => {
            if (method !== 'writeFile') return;
            const text = args.length === 1 ? args : args.slice(1);
            const half = String(text[0]).slice(0, Math.ceil(String(text[0]).length / 2));
            await fn.apply(target, args.length === 1 ? [half] : [args[0], half, ...args.slice(2)]);
          };
          return take({ number, method, args, run, byHalf });
        };
      },
    });
  return {
    files: wrap({ ...fsPromises } as Files),
    count: () => number,
    outside: () => {
      number += 1;
    },
  };
}

/** Clients that stand for every format, and for both kinds of lock. */
export const KINDS = ['claude-code', 'cline', 'vscode', 'codex', 'continue', 'goose'] as const;

/** Where a client's file is below a home folder on Linux, and a realistic content. */
export function sample(client: string): { place: string; before: string } {
  const golden = PLACES[client]?.linux ?? '';
  const ending = golden.slice(golden.lastIndexOf('.'));
  const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'clients', client);
  const text = (end: string): string => readFileSync(join(fixtures, `linux.before${end}`), 'utf8');
  return { place: golden.replace(/^home\/ada\//, ''), before: text(ending) };
}

/** What is left beside the files that belong there: temporary files, and folders of locks. */
export async function leftovers(home: Scratch): Promise<string[]> {
  const all = await fsPromises.readdir(home.dir, { recursive: true });
  return all.filter((name) => /drawbridge-tmp-|\.tmp$|\.lock(?:$|\.tmp|\.stale)/.test(name));
}
