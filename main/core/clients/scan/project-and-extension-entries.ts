import { isObject } from '../../../../shared/base/is-object.ts';
import type { ClientEntry } from '../../../../shared/schemas/client.ts';
import { entryText } from '../../../../shared/text/core/clients.ts';
import { errorCode } from '../../settings/atomic-write.ts';
import { routedTo } from '../entries/routed-to.ts';
import { usualForm } from '../entries/shapes.ts';
import { targetOf } from '../entries/show-target.ts';
import { placesOf } from '../files/client-files.ts';
import { readConfig } from '../files/config-file.ts';
import { pathOf } from '../files/paths.ts';
import type { ClientRow } from '../table/index.ts';
import type { ClientDeps } from '../types.ts';

/** Looked at for project files: whoever has more than these does not use most of them any more. */
const MOST_PROJECTS = 400;

/**
 * Entries of files in project folders, which are shared through git. They are shown, so that nobody thinks that policies
 * apply to them.
 * `projects`: the folders that any client's own file speaks of.
 */
export async function projectEntries(
  row: ClientRow,
  projects: Iterable<string>,
  deps: ClientDeps,
): Promise<ClientEntry[]> {
  if (row.projectFiles.length === 0) return [];
  const path = pathOf(deps.ports.machine);
  const maps = [...row.maps.filter((map) => !map.includes('*')), ['mcpServers']];
  const keys = [...new Map(maps.map((map) => [map.join('\n'), map])).values()];
  const ownForProject = row.maps.some((map) => map.includes('*'));
  const found: ClientEntry[] = [];
  for (const project of [...projects].slice(-MOST_PROJECTS)) {
    if (!path.isAbsolute(project)) continue;
    for (const projectFile of row.projectFiles) {
      const file = path.join(project, projectFile);
      const text = await textOf(file, deps);
      const parsed = text === undefined ? undefined : row.format.parse(text, row.strictness);
      if (!parsed?.ok) continue;
      const { doc } = parsed;
      for (const at of keys)
        for (const name of doc.keys(at)) {
          const value = doc.find([...at, name])?.value;
          if (!isObject(value) || routedTo(value, row.dialect) !== undefined) continue;
          if (row.onlyTypes && !row.onlyTypes.includes(String(value.type))) continue;
          found.push({
            file,
            name,
            server: null,
            project,
            target: targetOf(usualForm(value, row.dialect.shape)),
            state: 'skipped',
            reason: entryText.projectFile(row.name, ownForProject),
            kind: 'project',
            sharedWith: [],
          });
        }
    }
  }
  return found;
}

/** Servers that were installed as packages: the client starts them from folders of its own. */
export async function extensionEntries(row: ClientRow, deps: ClientDeps): Promise<ClientEntry[]> {
  const { machine, files } = deps.ports;
  const { join } = pathOf(machine);
  const found: ClientEntry[] = [];
  for (const folder of await placesOf(row.extensions, machine, files)) {
    for (const id of await namesIn(folder, deps)) {
      const file = join(folder, id, 'manifest.json');
      const text = await textOf(file, deps);
      const parsed = text === undefined ? undefined : row.format.parse(text, 'tolerant');
      if (!parsed?.ok) continue;
      const titles = ['display_name', 'name'].map((key) => parsed.doc.find([key])?.value);
      const server = parsed.doc.find(['server'])?.value;
      found.push({
        file,
        name: titles.find((title) => typeof title === 'string') ?? id,
        server: null,
        project: null,
        target: targetOf(isObject(server) ? server.mcp_config : undefined),
        state: 'skipped',
        reason: entryText.extension(row.name),
        kind: 'extension',
        sharedWith: [],
      });
    }
  }
  return found;
}

async function textOf(file: string, deps: ClientDeps): Promise<string | undefined> {
  try {
    return (await readConfig(file, deps.ports))?.text;
  } catch (error) {
    deps.ports.log('debug', `${file} was not read`, error);
    return undefined;
  }
}

async function namesIn(folder: string, deps: ClientDeps): Promise<string[]> {
  try {
    return (await deps.ports.files.readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') deps.ports.log('debug', `${folder} was not read`, error);
    return [];
  }
}
