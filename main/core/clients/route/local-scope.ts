import { isObject } from '../../../../shared/base/is-object.ts';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { ClientResult } from '../../../../shared/schemas/client.ts';
import { entryLabel, localText } from '../../../../shared/text/core/clients.ts';
import { analyseFile, type FileState } from '../entries/analyse.ts';
import { routedTo } from '../entries/routed-to.ts';
import { filesOf, placesOf } from '../files/client-files.ts';
import { readConfig, replaceConfig } from '../files/config-file.ts';
import { holdingOf } from '../files/lock.ts';
import { pathOf } from '../files/paths.ts';
import { type Doc, type KeyPath, splice } from '../formats/types.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';
import { failure } from './results.ts';

interface Copy {
  readonly at: KeyPath;
  readonly label: string;
  readonly text: string;
}

/**
 * Copies the servers of project files into the client's own file, for that project alone: there they count before the shared
 * ones, and can be routed. Only those that the person approved in the client, and that are not there yet.
 * @param dryRun says what would be copied, and writes nothing
 */
export async function copyToLocalScope(
  row: ClientRow,
  dryRun: boolean,
  deps: ClientDeps,
): Promise<ClientResult> {
  if (!row.localScope) throw new RpcError('refused', localText.none(row.name));
  const { ports } = deps;
  const [path] = await filesOf(row, ports);
  const state = path === undefined ? undefined : await analyseFile(row, path, [], deps);
  if (!state?.doc || state.hash === null)
    return failure(row.id, row.name, state?.problem ?? localText.noFile(row.name));
  const { copies, left } = await copiesFor(row, state.doc, deps);
  const sentences = [
    copies.length === 0
      ? localText.nothing
      : localText.copied(
          copies.map(({ label }) => label),
          dryRun,
        ),
    ...left,
  ];
  if (copies.length > 0 && !dryRun) {
    const problem = state.readOnly ?? (await write(row, state, copies, deps));
    if (problem !== null) return failure(row.id, row.name, problem);
  }
  return {
    ...{ client: row.id, name: row.name, ok: true, message: sentences.join(' ') },
    ...{ routed: [], restored: [], restart: null },
  };
}

async function copiesFor(
  row: ClientRow,
  doc: Doc,
  deps: ClientDeps,
): Promise<{ copies: Copy[]; left: string[] }> {
  const { isAbsolute, join } = pathOf(deps.ports.machine);
  const copies: Copy[] = [];
  const left: string[] = [];
  for (const project of doc.keys(['projects'])) {
    if (!isAbsolute(project)) continue;
    const approved = await approvals(row, project, doc, deps);
    for (const file of row.projectFiles.map((each) => join(project, each))) {
      const shared = await docOf(row, file, deps);
      for (const name of shared?.keys(['mcpServers']) ?? []) {
        const found = shared?.find(['mcpServers', name]);
        const at = ['projects', project, 'mcpServers', name];
        if (
          !found ||
          !isObject(found.value) ||
          doc.find(at) ||
          routedTo(found.value, row.dialect) !== undefined
        )
          continue;
        const label = entryLabel(name, project);
        if (approved(name)) copies.push({ at, label, text: found.text });
        else left.push(localText.notApproved(label, row.name));
      }
    }
  }
  return { copies, left };
}

/** Which servers of a project's shared file the person said yes to in the client: nobody says it here in their place. */
async function approvals(
  row: ClientRow,
  project: string,
  doc: Doc,
  deps: ClientDeps,
): Promise<(name: string) => boolean> {
  const scope = row.localScope;
  const { machine, files } = deps.ports;
  const { join } = pathOf(machine);
  const places = [
    ...(scope ? await placesOf(scope.settings, machine, files) : []),
    ...(scope?.projectSettings ?? []).map((each) => join(project, each)),
  ];
  const sources: unknown[] = [doc.find(['projects', project])?.value];
  for (const place of places) {
    const settings = await docOf(row, place, deps);
    if (settings)
      sources.push(Object.fromEntries(settings.keys([]).map((key) => [key, settings.find([key])?.value])));
  }
  const listed = (key: string | undefined, name: string): boolean =>
    sources.some((source) => {
      const list = isObject(source) && key !== undefined ? source[key] : undefined;
      return Array.isArray(list) && list.includes(name);
    });
  const all = sources.some((source) => isObject(source) && scope !== undefined && source[scope.all] === true);
  return (name) => !listed(scope?.denied, name) && (all || listed(scope?.approved, name));
}

async function docOf(row: ClientRow, path: string, { ports }: ClientDeps): Promise<Doc | undefined> {
  const config = await readConfig(path, ports).catch(() => undefined);
  const parsed = config && row.format.parse(config.text, row.strictness);
  return parsed?.ok ? parsed.doc : undefined;
}

/** Why it was not written, for people; null when it was. */
async function write(
  row: ClientRow,
  { path, doc, hash }: FileState,
  copies: readonly Copy[],
  { ports }: ClientDeps,
): Promise<string | null> {
  try {
    let current = doc as Doc;
    for (const { at, text } of copies) {
      const parsed = row.format.parse(splice(current.text, [current.add(at, text)]), row.strictness);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      current = parsed.doc;
    }
    const complete = copies.every(({ at }) => current.find(at));
    if (!complete) throw new Error(localText.incomplete);
    await replaceConfig(path, hash ?? '', current.text, ports, holdingOf(path, row.lock, ports));
    return null;
  } catch (error) {
    ports.log('warn', `${path} was not changed`, error);
    return localText.failed(path, messageOf(error));
  }
}
