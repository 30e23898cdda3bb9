import { Menu } from '@base-ui/react/menu';
import { CirclePause } from 'lucide-react';
import { PAUSE_MINUTES } from '../../../shared/limits.ts';
import type { ClientView } from '../../../shared/schemas/client.ts';
import { en } from '../../../shared/text/en.ts';
import { useCore, useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { useAction } from '../../ui/toast.tsx';
import { Resume } from '../shared/paused.tsx';

const t = en.clients;
const ITEM = 'flex h-8 items-center rounded-md px-2.5 outline-none data-highlighted:bg-active';

/** Denies every call of a client for a while, or lets it go on. */
export function PauseClient({ client }: { client: ClientView }) {
  const store = useStore();
  const act = useAction();
  const paused = useCore((state) => state.paused.find(({ clientId }) => clientId === client.id));
  if (paused) return <Resume paused={paused} />;
  const pause = (minutes?: number): void =>
    void act(
      () => store.call('clients.pause', { client: client.id, ...(minutes === undefined ? {} : { minutes }) }),
      en.approvals.pause.paused(client.name),
    );
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <Button look="quiet" icon={CirclePause} aria-label={t.pauseNamed(client.name)}>
            {t.pause}
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50 outline-none">
          <Menu.Popup className="pop fade p-1">
            <Menu.Item className={ITEM} onClick={() => pause(PAUSE_MINUTES)}>
              {t.pauseFor}
            </Menu.Item>
            <Menu.Item className={ITEM} onClick={() => pause()}>
              {t.pauseOpen}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
