import type { Contract } from '../../../shared/contract.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import type { Handlers } from '../../../shared/rpc/server.ts';
import type { UiCore } from './ui-core.ts';
import { planOf, routed, server } from './ui-data.ts';

type Names =
  | 'clients.scan'
  | 'clients.plan'
  | 'clients.apply'
  | 'clients.copyToLocalScope'
  | 'clients.settleHandEdit'
  | 'clients.leaveAlone'
  | 'clients.restoreAll'
  | 'clients.token';

/** The calls that route clients and put them back, answered from memory. */
export function routingHandlers(core: UiCore): Pick<Handlers<Contract>, Names> {
  const setClients = (ids: string[], connect: boolean): void => {
    const clients = core.state.clients.map((view) =>
      !ids.includes(view.id)
        ? view
        : connect
          ? routed(view)
          : {
              ...view,
              state: 'direct' as const,
              entries: view.entries.map((entry) =>
                entry.state === 'skipped' ? entry : { ...entry, state: 'direct' as const, server: null },
              ),
            },
    );
    const usersOf = (name: string): string[] =>
      clients.filter(({ entries }) => entries.some((entry) => entry.server === name)).map(({ id }) => id);
    const names = new Set(clients.flatMap(({ entries }) => entries.flatMap((entry) => entry.server ?? [])));
    for (const { name } of core.state.servers) names.delete(name);
    const policy = { source: 'recommended' as const, version: 'r1', broken: null };
    core.patch({
      clients,
      servers: [
        ...core.state.servers.map((each) => ({ ...each, usedBy: usersOf(each.name) })),
        ...[...names].map((name) => server(name, { toolCount: null, policy, usedBy: usersOf(name) })),
      ],
    });
  };
  const viewOf = (id: string) => {
    const view = core.state.clients.find((each) => each.id === id);
    if (!view) throw new RpcError('not_found', `No client is named ${id}.`);
    return view;
  };
  const resultOf = (id: string, connect: boolean) => {
    const view = viewOf(id);
    const names = view.entries.map(({ name }) => name);
    return {
      client: id,
      name: view.name,
      ok: true,
      message: `${view.name} is ${connect ? 'routed' : 'restored'}.`,
      routed: connect ? names : [],
      restored: connect ? [] : names,
      restart: view.restart,
    };
  };
  return {
    'clients.scan': () => null,
    'clients.plan': ({ clients, direction, merge = false }) =>
      clients.map((id) => {
        const plan = planOf(viewOf(id), direction);
        return core.plan ? core.plan(plan, merge) : plan;
      }),
    'clients.apply': ({ clients, direction }) => {
      const { numbered } = core;
      const results = clients.map((id) => ({
        ...resultOf(id, direction === 'connect'),
        ...(numbered && direction === 'connect' ? { numbered } : {}),
      }));
      setClients(clients, direction === 'connect');
      return results;
    },
    'clients.settleHandEdit': ({ client, name, keep }) => {
      core.patch({
        clients: core.state.clients.map((view) =>
          view.id !== client
            ? view
            : {
                ...view,
                entries: view.entries.map((entry) =>
                  entry.name === name ? { ...entry, state: 'routed', reason: null } : entry,
                ),
              },
        ),
      });
      const message = `${name} ${keep === 'mine' ? 'stays as you changed it' : 'is as Drawbridge wrote it'}.`;
      return { ...resultOf(client, true), message };
    },
    'clients.copyToLocalScope': ({ client, dryRun }) => {
      const message = `${dryRun ? 'Would copy' : 'Copied'} atlas-db (/home/ada/work/atlas).`;
      return { ...resultOf(client, true), routed: [], message };
    },
    'clients.leaveAlone': ({ entries, leave }) => {
      const views = core.state.clients.map((view) => ({
        ...view,
        entries: view.entries.map(({ leftAlone, ...entry }) => {
          const isMeant = entries.some(
            ({ client, file, project, name, target }) =>
              client === view.id &&
              file === entry.file &&
              project === entry.project &&
              name === entry.name &&
              target === entry.target,
          );
          return (isMeant ? leave : leftAlone) ? { ...entry, leftAlone: true } : entry;
        }),
      }));
      core.patch({ clients: views });
      return null;
    },
    'clients.restoreAll': () => {
      const ids = core.state.clients.filter(({ state }) => state === 'routed').map(({ id }) => id);
      const results = ids.map((id) => resultOf(id, false));
      setClients(ids, false);
      return results;
    },
    'clients.token': () => ({ token: 'secret' }),
  };
}
