import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../../renderer/app/app.tsx';
import { createStore, type Store } from '../../renderer/client/store.ts';
import { memoryPair, type Transport } from '../../shared/rpc/transport.ts';
import type { UiCore } from '../fakes/ui/ui-core.ts';

export interface Shown {
  user: ReturnType<typeof userEvent.setup>;
  store: Store;
  /** Cuts the carrier, as when the core dies. */
  cut(): void;
}

/** Renders the whole interface at a route, joined in memory to a core. */
export function renderApp(
  core: UiCore,
  path = '/',
  options: { role?: 'manager' | 'approver'; ownApprovalWindow?: boolean } = {},
): Shown {
  window.location.hash = `#${path}`;
  let carrier: Transport | undefined;
  const store = createStore(async () => {
    const [client, server] = memoryPair();
    core.attach(server, options.role ?? 'manager');
    carrier = client;
    return client;
  });
  render(<App store={store} ownApprovalWindow={options.ownApprovalWindow ?? false} />);
  return { user: userEvent.setup(), store, cut: () => carrier?.close() };
}
