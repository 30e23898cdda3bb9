import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { mappedFiles, realClients, type Scratch, scratch } from './kit.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'clients');
const CANARY = /canary-[a-z0-9-]+/g;

const SYSTEMS = {
  darwin: { home: '/Users/ada', roots: ['/Users/ada'], env: { HOME: '/Users/ada' } },
  win32: {
    home: 'C:\\Users\\ada',
    roots: ['C:\\', 'C:/'],
    env: {
      AppData: 'C:\\Users\\ada\\AppData\\Roaming',
      LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
      USERPROFILE: 'C:\\Users\\ada',
      SEARCH_TOKEN: 'canary-from-environment',
    },
  },
  linux: { home: '/home/ada', roots: ['/home/ada'], env: { HOME: '/home/ada' } },
} as const;

const PLACES = {
  'claude-desktop': {
    darwin: 'Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    win32:
      'C/Users/ada/AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/claude_desktop_config.json',
    linux: 'home/ada/.config/Claude/claude_desktop_config.json',
  },
  'claude-code': {
    darwin: 'Users/ada/.claude.json',
    win32: 'C/Users/ada/.claude.json',
    linux: 'home/ada/.claude.json',
  },
  cursor: {
    darwin: 'Users/ada/.cursor/mcp.json',
    win32: 'C/Users/ada/.cursor/mcp.json',
    linux: 'home/ada/.cursor/mcp.json',
  },
  codex: {
    darwin: 'Users/ada/.codex/config.toml',
    win32: 'C/Users/ada/.codex/config.toml',
    linux: 'home/ada/.codex/config.toml',
  },
  'gemini-cli': {
    darwin: 'Users/ada/.gemini/settings.json',
    win32: 'C/Users/ada/.gemini/settings.json',
    linux: 'home/ada/.gemini/settings.json',
  },
  opencode: {
    darwin: 'Users/ada/.config/opencode/opencode.json',
    win32: 'C/Users/ada/.config/opencode/opencode.jsonc',
    linux: 'home/ada/.config/opencode/opencode.json',
  },
} as const;

let home: Scratch;
afterEach(() => home.remove());

describe.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('%s', (client) => {
  test.each(Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[])(
    'on %s: before, after, undone',
    async (platform) => {
      home = scratch();
      const system = SYSTEMS[platform];
      const place = PLACES[client][platform];
      const kind = place.endsWith('.toml') ? 'toml' : 'json';
      const before = readFileSync(join(FIXTURES, client, `${platform}.before.${kind}`));
      home.write(place, before);
      const options = {
        platform,
        home: system.home,
        env: system.env,
        files: mappedFiles(home, system.roots),
      };
      const { clients, deps, identities } = await realClients(home, options);

      const [plan] = await clients.plan([client], 'connect');
      expect(home.bytes(place).equals(before)).toBe(true);
      const shown = JSON.stringify(plan);
      expect(shown).not.toMatch(CANARY);

      const [result] = await clients.apply([client], 'connect', { [client]: plan?.digest ?? '' });
      expect(result).toMatchObject({ ok: true });
      const token = await identities.tokenFor(client);
      const after = home.read(place).replaceAll(token, 'TOKEN').replaceAll(deps.dataDir, 'DATA');
      await expect(after).toMatchFileSnapshot(join(FIXTURES, client, `${platform}.after.${kind}`));
      const story = [
        plan?.files.map((file) => file.diff).join('\n'),
        plan?.files
          .flatMap((file) =>
            file.entries.map((entry) =>
              [entry.action, entry.name, entry.project, entry.reason, entry.secrets.join(', ')]
                .filter(Boolean)
                .join(' | '),
            ),
          )
          .join('\n'),
        plan?.warnings.join('\n'),
        JSON.stringify(deps.servers.all(), null, 2),
      ].join('\n\n');
      await expect(story.replaceAll(deps.dataDir, 'DATA')).toMatchFileSnapshot(
        join(FIXTURES, client, `${platform}.plan.txt`),
      );

      // The duplicate that does not count stays as it is, and is warned about.
      const left = [...new Set(before.toString().match(CANARY))];
      for (const { path, bytes } of home.files())
        for (const canary of [...left, 'canary-from-environment', token.slice(3)])
          if (!(canary === token.slice(3) && path.endsWith(place)))
            expect(bytes.includes(canary), `${canary} in ${path}`).toBe(false);

      const undone = await realClients(home, options);
      const [back] = await undone.clients.apply([client], 'disconnect');
      expect(back).toMatchObject({ ok: true, restored: result?.routed });
      expect(home.bytes(place).equals(before)).toBe(true);
      expect((await undone.secrets.names()).filter((name) => name.startsWith('journal/'))).toEqual([]);
    },
  );
});
