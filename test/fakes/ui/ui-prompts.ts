import type { Contract } from '../../../shared/contract.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';
import type { RuleField } from '../../../shared/schemas/rule.ts';
import type { UiCore } from './ui-core.ts';

type Names =
  | 'approvals.decideMany'
  | 'approvals.attend'
  | 'approvals.draftRule'
  | 'clients.pause'
  | 'clients.resume';

/** What the prompt asks the core beside a decision, answered from memory. */
export function promptHandlers(core: UiCore): Pick<Handlers<Contract>, Names> {
  return {
    'approvals.decideMany': ({ calls, decision }) => {
      const ids = new Set(calls.map(({ id }) => id));
      const waiting = new Set(core.state.approvals.map(({ id }) => id));
      core.patch({ approvals: core.state.approvals.filter(({ id }) => !ids.has(id)) });
      return calls.map(({ id }) =>
        waiting.has(id)
          ? { id, outcome: decision === 'deny' ? ('denied' as const) : ('ran' as const), message: 'Done.' }
          : { id, outcome: 'gone' as const, message: 'It no longer waited.' },
      );
    },
    'approvals.attend': ({ id }) => {
      core.patch({
        approvals: core.state.approvals.map((each) =>
          each.id === id ? { ...each, expiresAt: Math.max(each.expiresAt, Date.now() + 120_000) } : each,
        ),
      });
      return null;
    },
    'approvals.draftRule': ({ id, fields }) => {
      const found = core.state.approvals.find((each) => each.id === id);
      if (!found) throw new RpcError('not_found', 'This call no longer waits.');
      const args = JSON.parse(found.argumentsText) as Record<string, unknown>;
      const used =
        fields ??
        Object.entries(args).map(
          ([key, value]): RuleField => ({
            path: `args.${key}`,
            use: 'exactly',
            value: JSON.stringify(value),
          }),
        );
      const limits = used
        .filter(({ use }) => use !== 'any')
        .map(({ path, use, value }) => `${path} ${use === 'begins' ? 'begins with' : 'is'} ${value}`);
      const loose = used.filter(({ use }) => use !== 'exactly').length;
      return {
        server: found.server,
        tool: found.tool,
        clientId: found.clientId,
        effect: 'allow',
        fields: used,
        canBegin: Object.entries(args).flatMap(([key, value]) =>
          typeof value === 'string' ? [`args.${key}`] : [],
        ),
        sentence: `${found.tool} is allowed for ${found.clientName}${limits.length > 0 ? ` when ${limits.join(' and ')}` : ''}.`,
        matched: 3 + loose * 11,
        unclear: 2,
        of: 500,
        text: '{}',
        diff: `--- in force\n+++ with the rule\n@@ -4,3 +4,8 @@\n     "${found.tool}": {\n-      "action": "ask"\n+      "action": "ask",\n+      "allow_if": [${JSON.stringify(limits)}]\n     }\n`,
        refused: null,
      };
    },
    'clients.pause': ({ client, minutes }) => {
      const found = core.state.clients.find((each) => each.id === client);
      const now = Date.now();
      core.patch({
        approvals: core.state.approvals.filter(({ clientId }) => clientId !== client),
        paused: [
          ...core.state.paused.filter(({ clientId }) => clientId !== client),
          {
            clientId: client,
            clientName: found?.name ?? client,
            since: now,
            until: minutes === undefined ? null : now + minutes * 60_000,
          },
        ],
      });
      return null;
    },
    'clients.resume': ({ client }) => {
      core.patch({ paused: core.state.paused.filter(({ clientId }) => clientId !== client) });
      return null;
    },
  };
}
