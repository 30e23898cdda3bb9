import { messageOf } from '../../../shared/base/message-of.ts';
import { authorities } from '../../../shared/text/core/authorities.ts';
import { doctor as t } from '../../../shared/text/core/doctor.ts';
import { loginShell } from '../../../shared/text/core/login-shell.ts';
import { startAtLogin as s } from '../../../shared/text/core/start-at-login.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import { authoritiesIn } from '../upstream/http/authorities.ts';
import { currentPort } from './gateway-port.ts';

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

  add(t.version.name, true, t.version.found(options.version, options.host, options.pid, machine.platform));
  const { mode } = await files.stat(options.dataDir);
  const open = machine.platform !== 'win32' && (mode & 0o077) !== 0;
  add(t.dataFolder.name, !open, t.dataFolder.found(options.dataDir, open), t.dataFolder.fix(options.dataDir));
  const { listening } = parts.life;
  const port = currentPort(parts);
  add(
    t.gateway.name,
    listening,
    listening ? t.gateway.listens(port) : t.gateway.stopped(port),
    t.gateway.fix,
  );
  add(t.secrets.name, true, parts.secrets.kind === 'os' ? t.secrets.os : t.secrets.file(options.dataDir));
  const shell = await parts.loginShell.again();
  add(loginShell.check, shell.problem === null, shell.problem ?? shell.detail, shell.fix);
  const { problem } = parts.settings;
  add(t.settings.name, problem === null, problem ?? t.settings.ok, t.settings.fix);
  const { extraCaFile } = parts.settings.get();
  if (extraCaFile !== undefined) {
    const fault = await authoritiesIn(extraCaFile, (file) => files.readFile(file, 'utf8')).then(
      () => null,
      (error: unknown) => authorities.fault(messageOf(error)),
    );
    add(authorities.check, fault === null, fault ?? authorities.setting(extraCaFile), authorities.fix);
  }
  const verdict = parts.audit.verify();
  add(t.audit.name, verdict.ok, verdict.message, t.audit.fix);
  checks.push(...(await loginCheck(options)));
  for (const name of Object.keys(parts.servers.all())) {
    const { status, text, lateMs } = parts.upstreams.health(name);
    const { broken } = parts.policies.state(name);
    const well = status !== 'failed' && lateMs === undefined;
    add(t.server.name(name), well, t.server.found(status, text), t.server.fix);
    if (broken) add(t.policy.name(name), false, broken, t.policy.fix);
  }
  for (const { client, ok, detail, fix } of await parts.clients.diagnose())
    checks.push({ name: t.client.name(client), ok, detail, fix });
  return checks;
}

/** Off is a choice, not a fault; what is on and would start an old place is one. */
async function loginCheck({ ports }: CoreOptions): Promise<Check[]> {
  if (!ports.startAtLogin) return [];
  try {
    const { on, kind, place, notes } = await ports.startAtLogin.get();
    const detail = [on ? s.on(kind, place) : s.off, ...notes].join('. ');
    const ok = notes.length === 0;
    return [{ name: s.name, ok, detail, fix: ok ? null : s.fix }];
  } catch (error) {
    return [{ name: s.name, ok: false, detail: messageOf(error), fix: s.fix }];
  }
}
