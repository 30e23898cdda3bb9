import type { ClientEntry } from '../../../shared/schemas/client.ts';
import { errorCode } from '../settings/atomic-write.ts';
import { readConfig } from './config-file.ts';
import { isRecord, targetOf } from './draft.ts';
import { pathOf, placesOf } from './places.ts';
import type { ScannedFile } from './scan-file.ts';
import type { ClientRow } from './table/index.ts';
import type { ClientDeps } from './types.ts';

/** Servers that reach a client beside its own file. They are shown, so that nobody believes them governed. */
export async function entriesBeside(
  row: ClientRow,
  files: readonly ScannedFile[],
  deps: ClientDeps,
): Promise<ClientEntry[]> {
  return [...(await projectEntries(row, files, deps)), ...(await extensionEntries(row, deps))];
}

/** Entries of files in project folders, which are shared through git. */
async function projectEntries(
  row: ClientRow,
  files: readonly ScannedFile[],
  deps: ClientDeps,
): Promise<ClientEntry[]> {
  if (row.projectFiles.length === 0) return [];
  const path = pathOf(deps.ports.machine);
  const found: ClientEntry[] = [];
  for (const project of new Set(files.flatMap(({ projects }) => projects))) {
    if (!path.isAbsolute(project)) continue;
    for (const projectFile of row.projectFiles) {
      const file = path.join(project, projectFile);
      const text = await textOf(file, deps);
      const parsed = text === undefined ? undefined : row.format.parse(text, row.strictness);
      if (!parsed?.ok) continue;
      for (const name of parsed.doc.keys(['mcpServers']))
        found.push({
          file,
          name,
          server: null,
          project,
          target: targetOf(parsed.doc.find(['mcpServers', name])?.value),
          state: 'skipped',
          reason: 'It is in a project file that is shared through git, which Drawbridge leaves alone.',
          kind: 'project',
          sharedWith: [],
        });
    }
  }
  return found;
}

/** Servers that were installed as packages: the client starts them from folders of its own. */
async function extensionEntries(row: ClientRow, deps: ClientDeps): Promise<ClientEntry[]> {
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
        target: targetOf(isRecord(server) ? server.mcp_config : undefined),
        state: 'skipped',
        reason: `It is an extension that ${row.name} starts by itself, past its file.`,
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
