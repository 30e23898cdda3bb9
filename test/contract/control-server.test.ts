import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ControlServer, startControlServer } from '../../main/host/transports/control-server.ts';

describe('the control server', () => {
  let server: ControlServer;
  const attached: string[] = [];
  beforeAll(async () => {
    const uiDir = mkdtempSync(join(tmpdir(), 'drawbridge-ui-'));
    writeFileSync(join(uiDir, 'index.html'), '<!doctype html><title>ui</title>');
    server = await startControlServer({
      token: 'right',
      port: null,
      uiDir,
      attach: (transport, role) => {
        attached.push(role);
        transport.send('attached');
      },
    });
  });
  afterAll(() => server.stop());

  const get = (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
    new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      call.on('error', reject);
      call.end();
    });
  /** The close code of a socket, or the text that came after `ready`. */
  const socket = (first: string | null, headers: Record<string, string> = {}): Promise<string> =>
    new Promise((resolve) => {
      const ws = new WebSocket(`ws://127.0.0.1:${server.port}/control`, { headers });
      const texts: string[] = [];
      ws.on('open', () => first !== null && ws.send(first));
      ws.on('message', (data) => {
        texts.push(String(data));
        if (texts.length === 2) {
          resolve(texts.join(' '));
          ws.close();
        }
      });
      ws.on('close', (code) => resolve(String(code)));
      ws.on('error', (error) => resolve(error.message));
    });

  test('serves the page with a policy that allows nothing from elsewhere', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('<title>ui</title>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each([
    '/../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/nothing.html',
    '/'.repeat(3),
  ])('gives nothing outside its folder: %s', async (path) => {
    expect((await get(path)).body).not.toMatch(/root:|"name"/);
    if (path !== '///') expect((await get(path)).status).toBe(404);
  });

  test.each([
    [{ host: 'evil.example' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
  ])('refuses foreign hosts and origins: %j', async (headers, status) => {
    expect((await get('/', headers as Record<string, string>)).status).toBe(status);
  });

  test('opens the socket only with the token, under the role asked for', async () => {
    expect(await socket('right')).toBe('ready attached');
    expect(await socket('right approver')).toBe('ready attached');
    expect(attached).toEqual(['manager', 'approver']);
    expect(await socket('wrong')).toBe('4401');
    expect(await socket('right root')).toBe('4401');
    expect(attached).toHaveLength(2);
  });

  test('refuses a socket from a foreign page even with the token', async () => {
    expect(await socket('right', { origin: 'https://evil.example' })).toContain('403');
  });
});
