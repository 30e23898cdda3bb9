import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { RpcError } from '../../shared/rpc/frames.ts';
import { brokenClients, livedInClients } from '../fakes/ui/ui-clients.ts';
import { signIn, type UiCore } from '../fakes/ui/ui-core.ts';
import { approval, risk } from '../fakes/ui/ui-data.ts';
import { blockTool, pinHistory } from '../fakes/ui/ui-pins.ts';
import { type Watched, watchedPage } from './browser.ts';
import { startKit } from './kit.ts';

const kit = startKit();
const two = (core: UiCore): void =>
  core.patch({
    approvals: [
      approval(Date.now()),
      approval(Date.now(), {
        id: 'ap-2',
        tool: 'delete_file',
        risk: risk('Destructive', { flags: ['path'] }),
        count: 3,
      }),
    ],
  });

interface Screen {
  name: string;
  scenario: 'fresh' | 'empty' | 'routed';
  path: string;
  /** Brings the screen into the state that is looked at, and waits until it is there. */
  ready(page: Page, core: UiCore): Promise<unknown>;
  size?: { width: number; height: number };
}
const promptWindow = { width: 560, height: 640 };
const tab = (name: string) => async (page: Page) => {
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tabpanel').waitFor();
};
const screens: Screen[] = [
  {
    name: 'first run',
    scenario: 'fresh',
    path: '/',
    ready: (page) => page.getByRole('button', { name: 'Show changes: Cursor' }).click(),
  },
  {
    name: 'first run, nothing found',
    scenario: 'empty',
    path: '/',
    ready: (page) => page.getByText('No AI client').waitFor(),
  },
  {
    name: 'after routing',
    scenario: 'fresh',
    path: '/',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Route through Drawbridge' }).click();
      await page.getByRole('button', { name: 'Undo everything' }).waitFor();
    },
  },
  {
    name: 'first run, twelve clients, one with a broken file, and the steps of one',
    scenario: 'fresh',
    path: '/',
    ready: async (page, core) => {
      core.patch({ clients: brokenClients() });
      await page.getByText('line 12, column 3').waitFor();
      await page.getByRole('button', { name: 'Show the steps for Raycast' }).click();
      await page.getByRole('region', { name: 'Set up Raycast by hand' }).waitFor();
      await page.getByRole('button', { name: /^Also known/ }).click();
      await page.getByText(/Qwen Code/).waitFor();
    },
  },
  {
    name: 'overview, with servers that are not routed',
    scenario: 'routed',
    path: '/',
    ready: async (page, core) => {
      core.patch({ clients: livedInClients(Date.now()) });
      await page.getByRole('region', { name: '4 servers are not routed.' }).waitFor();
    },
  },
  {
    name: 'overview',
    scenario: 'routed',
    path: '/',
    ready: (page) => page.getByText('postgres does not start').waitFor(),
  },
  {
    name: 'servers',
    scenario: 'routed',
    path: '/servers',
    ready: (page) => page.getByRole('button', { name: 'Sign in: linear' }).waitFor(),
  },
  {
    name: 'a server that wants a sign-in, and a client ID',
    scenario: 'routed',
    path: '/servers/linear',
    ready: async (page, core) => {
      core.failNext('servers.signIn', new RpcError('needs_client', 'No program registers itself.', 'Do it.'));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'waiting for the browser',
    scenario: 'routed',
    path: '/servers/linear',
    ready: async (page, core) => {
      const waiting = signIn('waiting', { url: 'https://auth.example/', until: Date.now() + 60_000 });
      core.patch({
        servers: core.state.servers.map((each) =>
          each.name === 'linear' ? { ...each, signIn: waiting } : each,
        ),
      });
      await page.getByRole('link', { name: 'Open the page again' }).waitFor();
    },
  },
  {
    name: 'signed in, and in want of more',
    scenario: 'routed',
    path: '/servers/linear',
    ready: async (page, core) => {
      const lacking = signIn('signed-in', { text: 'A call needs more permissions: files:write.' });
      core.patch({
        servers: core.state.servers.map((each) =>
          each.name === 'linear' ? { ...each, signIn: lacking } : each,
        ),
      });
      await page.getByRole('button', { name: 'Sign in again' }).waitFor();
    },
  },
  {
    name: 'servers, none',
    scenario: 'empty',
    path: '/servers',
    ready: (page) => page.getByText('No server yet').waitFor(),
  },
  {
    name: 'add a server',
    scenario: 'routed',
    path: '/add-server',
    ready: (page) => page.getByRole('dialog').waitFor(),
  },
  {
    name: 'tools',
    scenario: 'routed',
    path: '/servers/filesystem',
    ready: (page) => page.getByText('wipe_disk', { exact: true }).waitFor(),
  },
  {
    name: 'class of a tool',
    scenario: 'routed',
    path: '/servers/filesystem',
    ready: async (page) => {
      await page.getByRole('button', { name: /Why this class: delete_file/ }).click();
      await page.getByText('name begins with delete').waitFor();
    },
  },
  {
    name: 'tools that wait for review, and the detail of one',
    scenario: 'routed',
    path: '/servers/filesystem',
    ready: async (page, core) => {
      blockTool(core, 'filesystem', 'write_file', pinHistory(Date.now()));
      await page.getByRole('button', { name: 'Show write_file' }).click();
      await page.getByText('It takes the argument “webhook”').waitFor();
    },
  },
  {
    name: 'review of a changed tool',
    scenario: 'routed',
    path: '/servers/filesystem/review',
    ready: async (page, core) => {
      await page.getByText('No tool waits for a review').waitFor();
      blockTool(core, 'filesystem', 'write_file', pinHistory(Date.now()));
      await page.getByRole('button', { name: 'Review write_file' }).click();
      await page.getByText('Passed as harmless').click();
      await page.getByText('Write file').waitFor();
      await page.locator('button:not([disabled])', { hasText: 'Accept this definition' }).waitFor();
    },
  },
  {
    name: 'a quarantined server, and the question before its release',
    scenario: 'routed',
    path: '/servers/filesystem',
    ready: async (page, core) => {
      const quarantine = 'It switched between two definitions of write_file 3 times.';
      core.patch({
        servers: core.state.servers.map((each) =>
          each.name === 'filesystem' ? { ...each, quarantine, blockedTools: 2 } : each,
        ),
      });
      await page.getByText('This server is quarantined.').waitFor();
      await page.getByRole('button', { name: 'Release' }).click();
      await page.getByRole('dialog', { name: 'Release filesystem?' }).waitFor();
    },
  },
  {
    name: 'limit of a tool',
    scenario: 'routed',
    path: '/servers/filesystem',
    ready: (page) => page.getByRole('button', { name: /Limit of write_file/ }).click(),
  },
  {
    name: 'tools, none listed',
    scenario: 'routed',
    path: '/servers/memory',
    ready: (page) => page.getByText('not listed yet').waitFor(),
  },
  { name: 'policy', scenario: 'routed', path: '/servers/filesystem', ready: tab('Policy') },
  { name: 'logs', scenario: 'routed', path: '/servers/filesystem', ready: tab('Logs') },
  {
    name: 'recommended rules',
    scenario: 'routed',
    path: '/servers/github',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Review and enforce' }).click();
      await page.getByRole('region', { name: 'Recommended rules' }).waitFor();
    },
  },
  {
    name: 'clients',
    scenario: 'routed',
    path: '/clients',
    ready: (page) => page.getByRole('button', { name: /^Claude Code/ }).click(),
  },
  {
    name: 'clients in every state',
    scenario: 'routed',
    path: '/clients',
    ready: async (page, core) => {
      core.patch({ clients: livedInClients(Date.now()) });
      for (const name of ['Codex', 'Claude Desktop', 'Claude Code', 'Raycast', 'Windsurf'])
        await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click();
      await page.getByRole('button', { name: 'Put our entry of docs back' }).waitFor();
      await page.getByText('turn the extension off').waitFor();
      await page.getByText('your own settings for that project').waitFor();
    },
  },
  {
    name: 'steps of a client that is set up by hand',
    scenario: 'routed',
    path: '/clients',
    ready: async (page, core) => {
      core.patch({ clients: livedInClients(Date.now()) });
      await page.getByRole('button', { name: /^Also known/ }).click();
      await page.getByRole('button', { name: 'Show the steps for Cherry Studio' }).click();
      await page.getByRole('dialog', { name: 'Set up Cherry Studio by hand' }).waitFor();
    },
  },
  {
    name: 'plan of a client',
    scenario: 'routed',
    path: '/clients',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Route Claude Code' }).click();
      await page.getByRole('region', { name: /Changes to/ }).waitFor();
    },
  },
  {
    name: 'policies',
    scenario: 'routed',
    path: '/policies',
    ready: (page) => page.getByText('would have asked').waitFor(),
  },
  {
    name: 'policies, none',
    scenario: 'empty',
    path: '/policies',
    ready: (page) => page.getByText('No policy yet').waitFor(),
  },
  {
    name: 'observed servers',
    scenario: 'routed',
    path: '/policies',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Look and enforce…' }).click();
      await page.getByRole('button', { name: 'Enforce github' }).waitFor();
    },
  },
  {
    name: 'one policy, simulated',
    scenario: 'routed',
    path: '/policies/filesystem',
    ready: async (page) => {
      await page.getByRole('textbox', { name: /^Policy document/ }).fill('{ "version": "1" }');
      await page.getByRole('button', { name: 'Simulate' }).click();
      await page.getByRole('table', { name: /judged otherwise/ }).waitFor();
      await page.getByRole('region', { name: /^Changes against/ }).waitFor();
    },
  },
  {
    name: 'one policy, wrong',
    scenario: 'routed',
    path: '/policies/filesystem',
    ready: async (page) => {
      const editor = page.getByRole('textbox', { name: /^Policy document/ });
      await editor.fill('{\n  "tools": { "read_file": { "action": "alow" } }\n}');
      await page.getByRole('button', { name: /^Go to line 2/ }).click();
    },
  },
  {
    name: 'import of a policy',
    scenario: 'routed',
    path: '/policies/filesystem',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Start from' }).click();
      await page.getByRole('menuitem', { name: /^Import/ }).click();
      await page.getByRole('textbox', { name: /^Policy, YAML/ }).fill('rules: []');
      await page.getByRole('button', { name: 'Read it' }).click();
      await page.getByRole('button', { name: 'Put it into the editor' }).waitFor();
    },
  },
  {
    name: 'missed',
    scenario: 'routed',
    path: '/missed',
    ready: (page) => page.getByText('The client gave up first').waitFor(),
  },
  {
    name: 'missed, nothing',
    scenario: 'empty',
    path: '/missed',
    ready: (page) => page.getByText('Nothing was missed').waitFor(),
  },
  {
    name: 'rule from a call',
    scenario: 'routed',
    path: '/activity/396',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Make a rule…' }).click();
      await page.getByRole('button', { name: 'Begins with' }).first().click();
      await page.getByText('Show what changes in the policy').click();
      await page.getByRole('region', { name: 'What changes in the policy' }).waitFor();
    },
  },
  {
    name: 'activity',
    scenario: 'routed',
    path: '/activity',
    ready: (page) => page.getByRole('row').nth(8).waitFor(),
  },
  {
    name: 'activity, none',
    scenario: 'empty',
    path: '/activity',
    ready: (page) => page.getByText('No calls recorded yet').waitFor(),
  },
  {
    name: 'one call',
    scenario: 'routed',
    path: '/activity',
    ready: async (page) => {
      await page.getByRole('row').nth(5).click();
      await page.getByText('Arguments digest').waitFor();
    },
  },
  {
    name: 'settings',
    scenario: 'routed',
    path: '/settings',
    ready: (page) => page.getByText('Start the database first.').waitFor(),
  },
  {
    name: 'no such page',
    scenario: 'routed',
    path: '/nowhere',
    ready: (page) => page.getByText('no such page').waitFor(),
  },
  {
    name: 'palette',
    scenario: 'routed',
    path: '/',
    ready: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /^Type a command/ }).waitFor();
    },
  },
  {
    name: 'approval panel',
    scenario: 'routed',
    path: '/servers',
    ready: async (page, core) => {
      two(core);
      await page.getByRole('button', { name: 'Allow once' }).waitFor();
    },
  },
  {
    name: 'approval window',
    scenario: 'routed',
    path: '/approval',
    size: promptWindow,
    ready: async (page, core) => {
      two(core);
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('button', { name: 'Hold to allow' }).waitFor();
    },
  },
  {
    name: 'deny with a message',
    scenario: 'routed',
    path: '/approval',
    size: promptWindow,
    ready: async (page, core) => {
      two(core);
      await page.getByRole('button', { name: 'Deny with a message' }).click();
    },
  },
  {
    name: 'approval window, nothing waits',
    scenario: 'routed',
    path: '/approval',
    size: promptWindow,
    ready: (page) => page.getByText('No call is waiting').waitFor(),
  },
];

type RunOptions = Parameters<AxeBuilder['options']>[0];
type Found = Pick<Awaited<ReturnType<AxeBuilder['analyze']>>, 'violations' | 'passes'>;
/** All about what fails, and of what passes only that it does. */
const BRIEF: RunOptions = { resultTypes: ['violations'] };

function lines(theme: string, { violations, passes }: Found): string[] {
  expect(passes.length + violations.length, `axe looked at something (${theme})`).toBeGreaterThan(0);
  return violations.map(
    ({ id, nodes }) =>
      `${theme} ${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
  );
}

/** What axe finds, one line each. Only contrast depends on the theme. */
async function faults(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await new AxeBuilder({ page }).setLegacyMode(true).options(BRIEF).analyze();
  await page.emulateMedia({ colorScheme: 'dark' });
  // Axe is in the page by now; a second builder would put half a megabyte of it there again.
  const dark = await page.evaluate(
    (options): Promise<Found> => {
      const { axe } = window as unknown as { axe: { run(on: Document, how: RunOptions): Promise<Found> } };
      return axe.run(document, options);
    },
    { ...BRIEF, runOnly: ['color-contrast'] } satisfies RunOptions,
  );
  return [...lines('light', light), ...lines('dark', dark)];
}

/** One page for all screens of a size; each is loaded again, from a server and a core of its own. */
const pages = new Map<string, Watched>();
async function openScreen(screen: Screen) {
  const size = JSON.stringify(screen.size ?? null);
  const kept = pages.get(size) ?? (await watchedPage(kit.browser, screen.size));
  pages.set(size, kept);
  await kept.page.goto('about:blank');
  return kit.open(screen.scenario, screen.path, { reuse: kept });
}

describe('every screen, in both themes', () => {
  it.each(screens)(
    '$name: axe finds nothing, the policy refuses nothing, nothing complains',
    async (screen) => {
      const { page, core, complaints } = await openScreen(screen);
      await screen.ready(page, core);
      expect(await faults(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});

it('does not scroll sideways in a narrow window', async () => {
  const reuse = await watchedPage(kit.browser, { width: 720, height: 480 });
  const { page } = reuse;
  for (const path of [
    '/',
    '/servers',
    '/servers/filesystem',
    '/clients',
    '/policies',
    '/policies/filesystem',
    '/activity',
    '/missed',
    '/settings',
  ]) {
    await page.goto('about:blank');
    await kit.open('routed', path, { reuse });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const extra = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(`${path} ${extra}`).toBe(`${path} 0`);
  }
  await reuse.context.close();
});

describe('the way in', () => {
  it('takes the token out of the address, survives a reload, and refuses a wrong one in words', async () => {
    const { page, context, origin } = await kit.open('routed', '/settings');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(page.url()).not.toContain(kit.token);
    await page.reload();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await context.close();

    const other = await kit.browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(`${origin}/#token=wrong`);
    await stranger.getByText('npx drawbridge serve').waitFor();
    await other.close();
  });

  it('serves nothing to a page of another origin', async () => {
    const { context, origin } = await kit.open('empty', '/');
    const response = await fetch(`${origin}/`, { headers: { origin: 'https://evil.example' } });
    await context.close();
    expect(response.status).toBe(403);
  });
});
