import type { CoreParts } from '../assemble.ts';
import type { CoreOptions } from '../create-core.ts';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
  fix: string | null;
}

/** What a person, or a report of theirs, needs to see when something does not work. No secrets in it. */
export async function diagnose(parts: CoreParts, options: CoreOptions): Promise<Check[]> {
  const { machine, files } = options.ports;
  const checks: Check[] = [];
  const add = (name: string, ok: boolean, detail: string, fix: string | null = null): void => {
    checks.push({ name, ok, detail, fix: ok ? null : fix });
  };

  add(
    'version',
    true,
    `Drawbridge ${options.version}, ${options.host}, process ${options.pid}, ${machine.platform}`,
  );
  const { mode } = await files.stat(options.dataDir);
  const open = machine.platform !== 'win32' && (mode & 0o077) !== 0;
  add(
    'data folder',
    !open,
    `${options.dataDir}${open ? ' can be read by other users' : ''}`,
    `chmod 700 ${options.dataDir}`,
  );
  const port = parts.settings.get().gatewayPort;
  add(
    'gateway',
    parts.listening,
    parts.listening
      ? `listens on http://127.0.0.1:${port}`
      : `not running; clients are told to use port ${port}`,
    'Start Drawbridge, or run: drawbridge serve',
  );
  add(
    'secrets',
    true,
    parts.secrets.kind === 'os'
      ? 'kept by the key store of the operating system'
      : `no key store of the operating system is in use: encrypted with a key in a file that only you can read (${options.dataDir})`,
  );
  add(
    'settings',
    parts.settings.problem === null,
    parts.settings.problem ?? 'read',
    'See the file named here.',
  );
  const verdict = parts.audit.verify();
  add('audit', verdict.ok, verdict.message, 'Keep a copy of the data folder, then find out who changed it.');
  for (const name of Object.keys(parts.servers.all())) {
    const health = parts.upstreams.health(name);
    const { broken } = parts.policies.state(name);
    add(
      `server ${name}`,
      health.status !== 'failed' && health.lateMs === undefined,
      `${health.status}${health.text ? `: ${health.text}` : ''}`,
      'See its log.',
    );
    if (broken)
      add(`policy ${name}`, false, broken, 'Correct the file; the last good policy stays in force.');
  }
  for (const { client, ok, detail, fix } of await parts.clients.diagnose())
    checks.push({ name: `client ${client}`, ok, detail, fix });
  return checks;
}
