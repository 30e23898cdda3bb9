import type { Mode } from '../../../../shared/schemas/common.ts';
import type { ServerView } from '../../../../shared/schemas/server.ts';
import type { Store } from '../../../client/store.ts';

/**
 * Enforces one server. Recommended rules become its own policy first, so that what is enforced is what was looked at, and
 * does not change with the server's list of tools.
 */
export async function enforceServer(
  store: Store,
  server: Pick<ServerView, 'name' | 'policy' | 'mode'>,
  everywhere: Mode,
): Promise<void> {
  const { name } = server;
  if (server.policy.source === 'recommended') {
    const { text, state } = await store.call('policy.get', { server: name });
    await store.call('policy.set', { server: name, text, basedOn: state.version });
  }
  if (everywhere.mode === 'observe') await store.call('mode.set', { server: name, mode: 'enforce' });
  else if (server.mode === 'observe') await store.call('mode.set', { server: name, mode: null });
}
