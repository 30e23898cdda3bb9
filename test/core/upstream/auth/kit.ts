import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../../../main/core/settings/types.ts';
import { createUpstreamAuth, type ServerSignIns } from '../../../../main/core/upstream/auth/index.ts';
import type { AuthServerConfig } from '../../../../main/core/upstream/auth/types.ts';
import type { AuthChallenge } from '../../../../main/core/upstream/types.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { type AuthServer, type Behaviour, startAuthServer } from '../../../fixtures/servers/auth-server.ts';
import { type ProtectedServer, startProtectedServer } from '../../../fixtures/servers/protected-server.ts';

export class MemorySecrets implements SecretStore {
  readonly kind = 'file';
  readonly values = new Map<string, string>();
  broken = false;
  async get(name: string): Promise<string | undefined> {
    return this.values.get(name);
  }
  async set(name: string, value: string): Promise<void> {
    if (this.broken) throw new Error('the disk is full');
    this.values.set(name, value);
  }
  async delete(name: string): Promise<void> {
    this.values.delete(name);
  }
  async names(): Promise<string[]> {
    return [...this.values.keys()];
  }
}

/** One server `api`, its authorization server, and the sign-ins of a core, without the core. */
export class AuthKit {
  readonly clock = new FakeClock();
  readonly secrets = new MemorySecrets();
  readonly logged: string[] = [];
  readonly notes: [string, Record<string, unknown>][] = [];
  readonly changes: [string, string][] = [];
  readonly configs = new Map<string, AuthServerConfig>();
  readonly authority: AuthServer;
  readonly server: ProtectedServer;
  signIns!: ServerSignIns;
  readonly env: Record<string, string> = {};
  /** Where the browser comes back to, from the next start on. */
  callbackPort = 0;

  private constructor(authority: AuthServer, server: ProtectedServer) {
    this.authority = authority;
    this.server = server;
  }

  static async start(behaviour: Partial<Behaviour> = {}, path = ''): Promise<AuthKit> {
    const authority = await startAuthServer(behaviour, path);
    const kit = new AuthKit(authority, await startProtectedServer(authority));
    kit.configs.set('api', { url: kit.server.url });
    await kit.restart();
    return kit;
  }

  /** As after a new start of the core: only what is saved is left. */
  async restart(): Promise<void> {
    this.signIns?.stop();
    this.signIns = await createUpstreamAuth({
      clock: this.clock,
      env: this.env,
      log: (level, message, detail) =>
        void this.logged.push(
          `${level} ${message} ${detail instanceof Error ? detail.stack : JSON.stringify(detail)}`,
        ),
      randomBytes,
      secrets: this.secrets,
      config: (server) => this.configs.get(server),
      saveClient: async (server, client, issuer) => {
        const old = this.configs.get(server);
        if (!old) throw new Error('no such server');
        const secret = client.secret === undefined ? {} : { clientSecret: client.secret };
        this.configs.set(server, { ...old, client: { clientId: client.id, ...secret, issuer } });
      },
      note: (event, detail) => void this.notes.push([event, detail]),
      callbackPort: this.callbackPort,
    });
    this.signIns.onChange((server, what) => void this.changes.push([server, what]));
  }

  get url(): URL {
    return new URL(this.configs.get('api')?.url ?? '');
  }

  header(): string | undefined | Promise<string | undefined> {
    return this.signIns.header('api', this.url);
  }

  /** What a connection does: sends, and once more when that helps. Gives the last status. */
  async call(tool = 'echo'): Promise<number> {
    const sent = await this.header();
    const first = await this.#post(tool, sent);
    const wwwAuthenticate = first.headers.get('www-authenticate') ?? undefined;
    if (first.status !== 401 && !(first.status === 403 && wwwAuthenticate)) return first.status;
    const challenge: AuthChallenge = { status: first.status, wwwAuthenticate, sent };
    if (!(await this.signIns.challenged('api', this.url, challenge))) return first.status;
    return (await this.#post(tool, await this.header())).status;
  }

  async #post(tool: string, authorization: string | undefined): Promise<Response> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } }),
    });
    await answer.text();
    return answer;
  }

  /** Signs in like a person who approves everything. Gives the last page. */
  async signIn(): Promise<{ status: number; text: string }> {
    const { url } = await this.signIns.signIn('api');
    return browse(url);
  }

  /** All that was written, said or shown. */
  everything(): string {
    return JSON.stringify([this.logged, this.notes, this.signIns.view('api', false)]);
  }

  async stop(): Promise<void> {
    this.signIns.stop();
    await Promise.all([this.authority.stop(), this.server.stop()]);
  }
}

/** A browser: follows redirects. */
export async function browse(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

/** Where the authorization server sends the browser back to, without going there. */
export async function comeBack(url: string): Promise<URL> {
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.text();
  return new URL(answer.headers.get('location') ?? '');
}
