import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { templates } from '../../../../main/core/clients/files/client-files.ts';
import { expandPath } from '../../../../main/core/clients/files/paths.ts';
import { CLIENTS, type PerSystem, type System } from '../../../../main/core/clients/table/index.ts';
import { CASES } from '../formats/golden-kit.ts';
import { memory, memoryClients, scratch } from '../kit.ts';

const SYSTEMS: readonly System[] = ['darwin', 'win32', 'linux'];
const DOCS = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'clients.md'), 'utf8');

/** What is missing on a system, on purpose. All else is there on all three. */
const ABSENT: Readonly<Record<string, readonly string[]>> = {
  // A person sets these up; no file is written.
  files: [
    'copilot-xcode win32',
    'copilot-xcode linux',
    'claude-xcode win32',
    'claude-xcode linux',
    'codex-xcode win32',
    'codex-xcode linux',
    'boltai win32',
    'boltai linux',
    'enconvo win32',
    'enconvo linux',
    'mistral-vibe',
    'crush',
    'jetbrains-ai',
    'raycast',
    'cherry-studio',
    'visual-studio darwin',
    'visual-studio linux',
  ],
  traces: [
    'copilot-xcode win32',
    'copilot-xcode linux',
    'claude-xcode win32',
    'claude-xcode linux',
    'codex-xcode win32',
    'codex-xcode linux',
    'boltai win32',
    'boltai linux',
    'enconvo win32',
    'enconvo linux',
    'visual-studio darwin',
    'visual-studio linux',
    'raycast linux',
  ],
  processes: [
    'copilot-xcode win32',
    'copilot-xcode linux',
    'claude-xcode win32',
    'claude-xcode linux',
    'codex-xcode win32',
    'codex-xcode linux',
    'boltai win32',
    'boltai linux',
    'enconvo win32',
    'enconvo linux',
    'claude-xcode darwin',
    'codex-xcode darwin',
    'copilot-jetbrains',
    'kilo-code',
    'vscodium darwin',
    // Two programs called claude.exe; Electron is called Electron; an extension runs in another program.
    'claude-desktop win32',
    'claude-code win32',
    'vscode darwin',
    'vscode-insiders darwin',
    'roo-code',
    'jetbrains-ai',
    'visual-studio darwin',
    'visual-studio linux',
    'amazon-q win32',
    'raycast linux',
  ],
};

describe.each(['files', 'traces', 'processes'] as const)('%s', (field) => {
  test.each(CLIENTS.map((row) => [row.id, row[field]] as const))('of %s are set on each system', (id, of) => {
    const absent = (system: System): boolean =>
      ABSENT[field]?.some((each) => each === id || each === `${id} ${system}`) ?? false;
    expect(SYSTEMS.filter((system) => of[system].length === 0)).toEqual(SYSTEMS.filter(absent));
  });
});

test('every row can be told apart: id, name, and the first of its files', () => {
  for (const values of [CLIENTS.map(({ id }) => id), CLIENTS.map(({ name }) => name)])
    expect(new Set(values).size).toBe(values.length);
  for (const system of SYSTEMS) {
    const all = CLIENTS.flatMap(({ files }) => files[system]);
    expect(new Set(all).size).toBe(all.length);
  }
});

test('every path is absolute once it is filled in, and stays below the home folder or a system folder', () => {
  for (const platform of SYSTEMS) {
    const home = platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada';
    const machine = { platform, home, env: {} };
    const all = CLIENTS.flatMap((row): PerSystem[] => [
      row.files,
      row.alsoReads,
      row.traces,
      row.managed,
      row.extensions,
    ]);
    for (const template of all.flatMap((each) => templates(each, machine))) {
      const path = expandPath(template, machine);
      expect(path).not.toMatch(/[{}|~]/);
      expect(
        path.startsWith(home) || /^(?:\/Applications\/|\/Library\/|\/etc\/|C:\\Program)/.test(path),
        path,
      ).toBe(true);
    }
  }
});

test.each([
  ['opencode', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/opencode/opencode.json'],
  ['codex', { CODEX_HOME: '/cfg' }, '/cfg/config.toml'],
  ['copilot-cli', { COPILOT_HOME: '/cfg' }, '/cfg/mcp-config.json'],
  ['qwen-code', { QWEN_HOME: '/cfg' }, '/cfg/settings.json'],
  ['gemini-cli', { GEMINI_CLI_HOME: '/cfg' }, '/cfg/.gemini/settings.json'],
  ['cline', { CLINE_DIR: '/cfg' }, '/cfg/data/settings/cline_mcp_settings.json'],
  ['continue', { CONTINUE_GLOBAL_DIR: '/cfg' }, '/cfg/config.yaml'],
  ['goose', { GOOSE_PATH_ROOT: '/cfg' }, '/cfg/config/config.yaml'],
  ['goose', {}, '/home/ada/.config/goose/config.yaml'],
  ['amp', { AMP_SETTINGS_FILE: '/cfg/amp.json' }, '/cfg/amp.json'],
  ['amp', {}, '/home/ada/.config/amp/settings.json'],
  ['kimi-code', { KIMI_CODE_HOME: '/cfg' }, '/cfg/mcp.json'],
  ['hermes', { HERMES_HOME: '/cfg' }, '/cfg/config.yaml'],
  ['devin', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/devin/mcp_config.json'],
  ['jan', { XDG_DATA_HOME: '/cfg' }, '/cfg/Jan/data/mcp_config.json'],
] as const)('%s with %o has %s first', (id, env, path) => {
  const row = CLIENTS.find((each) => each.id === id);
  const machine = { platform: 'linux', home: '/home/ada', env } as const;
  const [first] = row ? templates(row.files, machine) : [];
  expect(first && expandPath(first, machine)).toBe(path);
});

test('every client with a file has a golden one on each system where it has that file', () => {
  const cases = CASES.map(({ client, system }) => `${client} ${system}`);
  const expected = CLIENTS.flatMap(({ id, files }) =>
    SYSTEMS.filter((system) => files[system].length > 0).map((system) => `${id} ${system}`),
  );
  expect(cases.sort()).toEqual(expected.sort());
});

describe('docs/clients.md', () => {
  test('has a line for every client with a file, and no other', () => {
    const table = DOCS.slice(DOCS.indexOf('| Client '), DOCS.indexOf('```sh'));
    const names = [...table.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name).slice(1);
    expect(names.filter((name) => !/^-+$/.test(name ?? '')).sort()).toEqual(
      CLIENTS.filter(({ byHand }) => !byHand)
        .map(({ name }) => name)
        .sort(),
    );
  });
  test('has the steps of every client without one', () => {
    const section = DOCS.slice(DOCS.indexOf('## By hand'), DOCS.indexOf('## What is changed'));
    const names = [...section.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(
      CLIENTS.filter(({ byHand }) => byHand)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { id } of CLIENTS.filter(({ byHand }) => byHand))
      expect(section).toContain(`drawbridge token ${id}`);
  });
});

test('a client set up by hand is found by its traces, shows its steps with address and token, and is not written', async () => {
  const home = scratch();
  try {
    home.write('.config/crush/crush.json', '{"mcp":{}}');
    const clients = memoryClients(home, memory());
    const view = (await clients.scan()).find(({ id }) => id === 'crush');
    expect(view).toMatchObject({ installed: true, state: 'no-servers', files: [] });
    const steps = view?.byHand?.steps.join('\n');
    expect(steps).toContain('npx drawbridge token crush');
    expect(steps).toContain('http://127.0.0.1:7717/mcp');
    expect(`${steps}${view?.byHand?.note}`).not.toMatch(/\{[\w-]+\}/);
    const [result] = await clients.apply(['crush'], 'connect');
    expect(result).toMatchObject({ ok: true, routed: [], message: expect.stringContaining('steps') });
    expect(home.read('.config/crush/crush.json')).toBe('{"mcp":{}}');
  } finally {
    home.remove();
  }
});

test.each([
  [
    'VS Code of old',
    '.config/Code/User/settings.json',
    '{ "mcp": { "servers": { "old": { "command": "old" } } }, }',
  ],
  [
    'VS Code, in one key',
    '.config/Code/User/settings.json',
    '{ "mcp.servers": { "old": { "command": "old" } } }',
  ],
])('servers where a client kept them once are said, and left: %s', async (_what, place, text) => {
  const home = scratch();
  try {
    home.write(place, text);
    const clients = memoryClients(home, memory());
    const view = (await clients.scan()).find(({ id }) => id === 'vscode');
    expect(view).toMatchObject({
      installed: true,
      entries: [{ name: 'old', state: 'skipped', reason: expect.stringContaining('kept its servers once') }],
    });
    const [plan] = await clients.plan(['vscode'], 'connect');
    expect(plan?.warnings).toContainEqual(expect.stringContaining('old in'));
    expect(await clients.diagnose()).toContainEqual(
      expect.objectContaining({ client: 'vscode', detail: expect.stringContaining('old is not routed') }),
    );
    await clients.apply(['vscode'], 'connect');
    expect(home.read(place)).toBe(text);
  } finally {
    home.remove();
  }
});

test.each([
  ['OPENCODE_CONFIG', 'elsewhere/mine.json'],
  ['OPENCODE_CONFIG_DIR', 'elsewhere/opencode.jsonc'],
])('opencode: a file that %s names is routed as well', async (variable, place) => {
  const home = scratch();
  try {
    const file = home.write(place, '{"mcp":{"one":{"type":"local","command":["one"]}}}');
    const value = variable.endsWith('DIR') ? join(file, '..') : file;
    const clients = memoryClients(home, memory(), { env: { [variable]: value } });
    expect(await clients.apply(['opencode'], 'connect')).toMatchObject([{ ok: true, routed: ['one'] }]);
  } finally {
    home.remove();
  }
});
