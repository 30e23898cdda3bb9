import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CallbackListener } from '../../main/core/upstream/auth/callback.ts';
import { type ControlServer, startControlServer } from '../../main/host/transports/control-server.ts';
import { gatewayWithFakes, type Parts } from '../fakes/gateway-parts.ts';
import { tryEverything } from './foreign-page.ts';

/**
 * A page of another origin in a real browser tries every way a page has to reach a program on this machine, with the right
 * token, against the gateway, the interface and its socket, and the address a sign-in comes back to.
 */
const TOKEN = 'token-cursor';
const SECRET = 'words of the interface';

let parts: Parts;
let control: ControlServer;
let callback: CallbackListener;
let callbackPort = 0;
let browser: Browser;
let foreign: Server;
let foreignPort = 0;
const uiDir = mkdtempSync(join(tmpdir(), 'drawbridge-foreign-'));
const attached: string[] = [];
const taken: string[] = [];

beforeAll(async () => {
  writeFileSync(join(uiDir, 'index.html'), `<!doctype html><title>ui</title>${SECRET}`);
  parts = await gatewayWithFakes();
  control = await startControlServer({
    token: TOKEN,
    port: null,
    uiDir,
    attach: (_transport, role) => void attached.push(role),
  });
  callback = new CallbackListener({
    port: 0,
    take(path) {
      taken.push(path);
      return undefined;
    },
  });
  callbackPort = await callback.open();
  foreign = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>foreign</title>');
  });
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
  foreignPort = (foreign.address() as AddressInfo).port;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      // A name of the attacker that leads to this machine, as after DNS rebinding.
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await parts?.stop();
  await control?.stop();
  callback?.close();
  foreign?.closeAllConnections();
  foreign?.close();
  rmSync(uiDir, { recursive: true });
});
afterEach(() => {
  // Whatever was tried: no session, no call, no record, no window.
  expect(parts.connections).toEqual([]);
  expect(parts.records).toEqual([]);
  expect(parts.judged).toEqual([]);
  expect(attached).toEqual([]);
});

const targets = () => [
  `http://127.0.0.1:${parts.port}/s/files/mcp`,
  `http://localhost:${parts.port}/s/files/mcp`,
  `http://127.0.0.1:${control.port}/`,
  `http://127.0.0.1:${control.port}/control`,
  `http://127.0.0.1:${callbackPort}/callback`,
];

describe.each(['evil.example', '127.0.0.1', 'localhost'])('a page of http://%s on another port', (host) => {
  test('reaches nothing and reads nothing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const answers: { url: string; status: number }[] = [];
    page.on('response', (response) => answers.push({ url: response.url(), status: response.status() }));
    await page.goto(`http://${host}:${foreignPort}/`);
    const read: string[] = [];
    for (const target of targets()) {
      const tried = await page.evaluate(tryEverything, { target, token: TOKEN });
      expect(tried.attempts).toBeGreaterThan(15);
      read.push(...tried.readable);
    }
    expect(read).toEqual([]);
    const of = (port: number) => answers.filter(({ url }) => new URL(url).port === String(port));
    // The requests did come as far as the gateway, and it said no to each.
    expect(of(parts.port).length).toBeGreaterThan(4);
    for (const { status, url } of of(parts.port)) expect([401, 403, 415], url).toContain(status);
    // Whoever comes back from a sign-in must know its state: without it nothing is taken.
    for (const { status, url } of of(callbackPort)) expect([400, 403, 404, 405], url).toContain(status);
    await context.close();
  });
});

test('a name that was bent to point here gets no page and may ask nothing', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const [port, path] of [
    [parts.port, '/s/files/mcp'],
    [control.port, '/'],
    [control.port, '/control'],
    [callbackPort, '/callback'],
  ] as const) {
    const loaded = await page.goto(`http://evil.example:${port}/`);
    expect(loaded?.status()).toBe(403);
    expect(await page.content()).not.toContain(SECRET);
    // A script has the origin of the address now, so nothing but the program itself is in its way.
    const target = `http://evil.example:${port}${path}`;
    const { statuses, sockets } = await page.evaluate(tryEverything, { target, token: TOKEN });
    // The page of the sign-in lets no script ask anything at all.
    if (port !== callbackPort) expect(statuses.length, target).toBeGreaterThan(4);
    expect(
      statuses.filter((status) => status !== 403),
      target,
    ).toEqual([]);
    expect(sockets).toEqual([]);
  }
  await context.close();
});

test('the interface may not be framed, and its socket wants the right token from its own origin too', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const own = await page.goto(`http://127.0.0.1:${control.port}/`);
  expect(own?.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  const { sockets } = await page.evaluate(tryEverything, {
    target: `http://127.0.0.1:${control.port}/control`,
    token: 'wrong',
  });
  expect(sockets).toEqual([]);
  await context.close();
});
