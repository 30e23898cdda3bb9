// @module-tag slow
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isUnknownAuthority } from '../../../main/core/upstream/http/authorities.ts';

/** Certificates signed by somebody whom only this machine knows: a company, or the person. */

const TLS = join(import.meta.dirname, '../../fixtures/tls');
const CLIENT = join(import.meta.dirname, '../../../main/core/upstream/http/exchange.ts');
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Asks in a process of its own: the system's store is read once, and from where the environment says. */
async function ask(env: Record<string, string>): Promise<string> {
  const made = createServer(
    { cert: readFileSync(join(TLS, 'cert.pem')), key: readFileSync(join(TLS, 'key.pem')) },
    (_, response) => response.end('hello'),
  );
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  const { port } = made.address() as AddressInfo;
  const code = `
    const { HttpClient, readBody } = await import(process.argv[1]);
    const after = (ms, fn) => { const timer = setTimeout(fn, ms); return () => clearTimeout(timer); };
    const url = new URL(process.argv[2]);
    const client = new HttpClient({ after }, 5000, url, undefined, process.env.TEST_CA_FILE);
    const ask = async () => String(await readBody(
      await client.exchange({ method: 'GET', url, headers: {}, repeatable: true }), 100, 'it'));
    try { console.log(await ask(), await ask()); } catch (error) { console.log(error.message); }
    client.destroy();`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', code, CLIENT, `https://127.0.0.1:${port}/`],
    { env: { PATH: '/usr/bin:/bin', ...env }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let text = '';
  for await (const part of child.stdout.setEncoding('utf8')) text += part;
  return text.trim();
}

test('whoever is in the store of the operating system is trusted', async () => {
  expect(await ask({ SSL_CERT_FILE: join(TLS, 'cert.pem') })).toBe('hello hello');
});

test('so is whoever NODE_EXTRA_CA_CERTS names', async () => {
  expect(await ask({ NODE_EXTRA_CA_CERTS: join(TLS, 'cert.pem') })).toBe('hello hello');
});

test('so is whoever the file of more authorities names, and one that is no such file is named', async () => {
  expect(await ask({ TEST_CA_FILE: join(TLS, 'cert.pem') })).toBe('hello hello');
  for (const [file, why] of [
    ['key.pem', 'holds no certificate in PEM form'],
    ['none.pem', 'cannot be read. A file or folder that it needs does not exist.'],
  ] as const)
    expect(await ask({ TEST_CA_FILE: join(TLS, file) })).toContain(`${join(TLS, file)}, ${why}`);
});

test('nobody else, and it is told how to make one known', async () => {
  expect(await ask({})).toMatch(
    /could not be reached: its certificate is not valid \(DEPTH_ZERO_SELF_SIGNED_CERT\): .*certificate store of the operating system, or set NODE_EXTRA_CA_CERTS/,
  );
});

test('other faults of a certificate are not looked up there', () => {
  const failed = (code: string) => Object.assign(new Error('x'), { code });
  expect(isUnknownAuthority(failed('CERT_HAS_EXPIRED'))).toBe(false);
  expect(isUnknownAuthority(failed('ERR_TLS_CERT_ALTNAME_INVALID'))).toBe(false);
  expect(isUnknownAuthority(failed('SELF_SIGNED_CERT_IN_CHAIN'))).toBe(true);
});
