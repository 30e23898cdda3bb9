import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programOf } from '../kit.ts';

const folder = join(dirname(programOf('@modelcontextprotocol/conformance')), '..', 'requirements');

/** A revision's requirements of servers, as the suite ships them: what must pass, and what it runs without scoring. */
export interface Requirements {
  readonly revision: string;
  readonly scored: readonly string[];
  readonly unscored: readonly string[];
}

/** The revisions that the installed suite has requirements for, oldest first. */
export function revisions(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** @throws Error when the file does not look as expected: then the reading here is out of date */
export function requirementsOf(revision: string): Requirements {
  const lines = readFileSync(join(folder, `${revision}.yaml`), 'utf8').split('\n');
  const scored: string[] = [];
  const unscored: string[] = [];
  let section = '';
  let scenario = '';
  for (const line of lines) {
    section = /^(\w+):\s*$/.exec(line)?.[1] ?? section;
    const item = /^ {2}- (?:scenario: )?(\S+)$/.exec(line)?.[1];
    if (item !== undefined && section === 'server') scored.push(item);
    if (item !== undefined && section === 'not_scored') scenario = item;
    if (section === 'not_scored' && /^ {4}leg: server$/.test(line)) unscored.push(scenario);
  }
  if (scored.length === 0)
    throw new Error(`The suite's requirements of ${revision} name no server scenarios.`);
  return { revision, scored, unscored };
}
