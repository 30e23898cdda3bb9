import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Contract } from '../../shared/contract.ts';
import type { RpcClient } from '../../shared/rpc/client.ts';
import type { ToolView } from '../../shared/schemas/server.ts';
import type { HostilePlan } from '../fixtures/servers/hostile.ts';
import { withSlowness } from '../kit/slowness.ts';

/** What differs between a browser and the app, for scenarios that run in both. */
export interface Place {
  /** A folder of its own for files of servers. */
  readonly dir: string;
  rpc(): RpcClient<Contract>;
  /** The page for the prompt, and the one for everything else; in a browser both are the same. */
  page(route: string): Promise<Page>;
  /** Console errors, exceptions, dialogs, failed requests and violations of the policy, of all pages so far. */
  complaints(): Promise<string[]>;
  /** The core ends in the way this place has it end, and is there again. */
  restart(): Promise<void>;
  /** How many notifications are on the screen; undefined where there are no notifications. */
  notifications?(): number;
}

/** A core with hostile servers, and a person who looks at the pages. */
export class Stage {
  readonly place: Place;
  constructor(place: Place) {
    this.place = place;
  }

  #file = (name: string, what: string): string => join(this.place.dir, `${name}-${what}`);

  /** Adds a server with this plan, whose every call asks, and lists its tools. */
  async serve(name: string, plan: HostilePlan): Promise<ToolView[]> {
    this.plan(name, plan);
    const rpc = this.place.rpc();
    await rpc.call('servers.add', {
      name,
      config: {
        kind: 'stdio',
        command: process.execPath,
        args: [join(import.meta.dirname, '../fixtures/servers/hostile.ts'), this.#file(name, 'plan.json')],
        env: { HOSTILE_RECORD: this.#file(name, 'record.txt') },
      },
    });
    await rpc.call('policy.set', { server: name, text: JSON.stringify({ version: '1', default: 'ask' }) });
    return this.list(name);
  }
  /** What the server says from now on. Never seen half written, which would end the server. */
  plan(name: string, plan: HostilePlan): void {
    const file = this.#file(name, 'plan.json');
    writeFileSync(`${file}.new`, JSON.stringify(plan));
    renameSync(`${file}.new`, file);
  }
  list(name: string): Promise<ToolView[]> {
    return this.place.rpc().call('servers.refresh', { name });
  }
  /** How often the server got a request of this method. */
  got(name: string, method: string): number {
    const file = this.#file(name, 'record.txt');
    if (!existsSync(file)) return 0;
    return readFileSync(file, 'utf8').split(`"method":"${method}"`).length - 1;
  }
  async client(server: string): Promise<Client> {
    const { core } = await this.place.rpc().call('core.state', {});
    const { token } = await this.place.rpc().call('clients.token', { client: 'cursor' });
    const client = new Client({ name: 'scenario', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${core.gateway}/s/${server}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }) as Parameters<Client['connect']>[0],
    );
    return client;
  }
  waiting = async () => (await this.place.rpc().call('core.state', {})).approvals;
  prompts(): Promise<Page> {
    return this.place.page('/approval');
  }
  /** Shows a route again, also where it is shown already. */
  async open(route: string): Promise<Page> {
    const page = await this.place.page(route);
    await page.evaluate((to) => {
      location.hash = '/activity';
      return new Promise<void>((done) =>
        setTimeout(() => {
          location.hash = to;
          done();
        }, 0),
      );
    }, route);
    return page;
  }
  async denyAll(): Promise<void> {
    for (const { id } of await this.waiting())
      await this.place.rpc().call('approvals.decide', { id, decision: 'deny' });
  }
}

/** Without the page's own frames: a window that is not on the screen has none. */
export const sees = (page: Page, text: string | RegExp): Promise<void> =>
  expect
    .poll(() => page.evaluate(() => document.body.textContent))
    .toMatch(typeof text === 'string' ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : text);

export const textsOf = (page: Page, selector: string): Promise<(string | null)[]> =>
  page.locator(selector).evaluateAll((all) => all.map((element) => element.textContent));

/** The longest the page did not answer while something ran, ms; and how slow the machine was (see slowness). */
export async function longestSilence(
  page: Page,
  run: () => Promise<unknown>,
): Promise<{ silence: number; slow: number }> {
  await page.evaluate(() => {
    const seen = window as unknown as { silence: number; beat: ReturnType<typeof setInterval> };
    let last = performance.now();
    seen.silence = 0;
    seen.beat = setInterval(() => {
      const now = performance.now();
      seen.silence = Math.max(seen.silence, now - last);
      last = now;
    }, 10);
  });
  const { slow } = await withSlowness(run);
  const silence = await page.evaluate(() => {
    const seen = window as unknown as { silence: number; beat: ReturnType<typeof setInterval> };
    clearInterval(seen.beat);
    return Math.round(seen.silence);
  });
  return { silence, slow };
}
