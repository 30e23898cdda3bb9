import type { ClientView } from '../../../shared/schemas/client.ts';
import type { Problem } from '../../../shared/schemas/common.ts';
import { gatewayPort as port } from '../../../shared/text/core/gateway-port.ts';
import { problems as t } from '../../../shared/text/core/problems.ts';
import type { CoreParts } from '../parts.ts';

/** Everything that is wrong now and that a person can do something about. Each keeps its id while it lasts. */
export function problems(parts: CoreParts): Problem[] {
  return [
    ...settingsProblem(parts),
    ...portProblems(parts),
    ...Object.keys(parts.settings.get().servers).flatMap((name) => [
      ...policyProblem(parts, name),
      ...pinProblem(parts, name),
      ...serverProblem(parts, name),
    ]),
    ...parts.clientScan.views.flatMap(fileProblems),
  ];
}

function settingsProblem({ settings }: CoreParts): Problem[] {
  if (!settings.problem) return [];
  const { title } = t.settings;
  return [{ id: 'settings', severity: 'error', title, detail: settings.problem, fix: null }];
}

function portProblems({ life }: CoreParts): Problem[] {
  const found: Problem[] = [];
  if (life.moved) {
    const { from, to } = life.moved;
    found.push({
      id: 'gateway-port',
      severity: 'warning',
      title: port.title(from),
      detail: port.moved(from, to),
      fix: port.movedFix,
    });
  }
  if (life.portProblem !== undefined)
    found.push({
      id: 'gateway-port-setting',
      severity: 'error',
      title: port.notMovedTitle,
      detail: life.portProblem,
      fix: port.takenFix,
    });
  if (life.uiPortProblem !== undefined)
    found.push({
      id: 'ui-port-setting',
      severity: 'error',
      title: port.notMovedTitle,
      detail: life.uiPortProblem,
      fix: port.interfaceFix,
    });
  return found;
}

function policyProblem({ policies }: CoreParts, name: string): Problem[] {
  const { broken } = policies.state(name);
  if (!broken) return [];
  const { title, fix } = t.policy;
  return [{ id: `policy:${name}`, severity: 'error', title: title(name), detail: broken, fix }];
}

function pinProblem({ pins }: CoreParts, name: string): Problem[] {
  const quarantine = pins.quarantine(name);
  const blocked = pins.blockedTools(name);
  if (quarantine === null && blocked === 0) return [];
  return [
    {
      id: `pins:${name}`,
      severity: 'warning',
      title: quarantine === null ? t.pins.changed(name, blocked) : t.pins.switches(name, blocked),
      detail: quarantine ?? t.pins.detail,
      fix: t.pins.fix(name),
    },
  ];
}

function serverProblem({ upstreams }: CoreParts, name: string): Problem[] {
  const { status, text } = upstreams.health(name);
  if (status !== 'failed' && status !== 'signin') return [];
  const signIn = status === 'signin';
  return [
    {
      id: `server:${name}`,
      severity: 'warning',
      title: signIn ? t.server.signIn(name) : t.server.down(name),
      detail: text ?? '',
      fix: signIn ? t.server.signInFix(name) : null,
    },
  ];
}

function fileProblems({ id, name, files }: ClientView): Problem[] {
  return files.flatMap(({ path, problem }) =>
    problem
      ? [
          {
            id: `client:${id}:${path}`,
            severity: 'warning',
            title: t.client.file(name, path),
            detail: problem,
            fix: null,
          },
        ]
      : [],
  );
}
