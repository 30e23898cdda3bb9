import { Pencil, Power, RotateCw, Square } from 'lucide-react';
import { useState } from 'react';
import type { ServerView } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useAction } from '../../ui/toast.tsx';
import { EditServer } from './edit-server.tsx';

const t = en.servers.life;

/** Starts a server again, ends it, switches it off, changes it. */
export function ServerLife({ server }: { server: ServerView }) {
  const { name } = server;
  const store = useStore();
  const act = useAction();
  const [editing, setEditing] = useState(false);
  const restart = async () => {
    await store.call('servers.stop', { name });
    return store.call('servers.refresh', { name });
  };
  return (
    <>
      {!server.disabled && (
        <>
          <IconButton
            icon={RotateCw}
            label={t.restart}
            onClick={() => void act(restart, t.restarted(name))}
          />
          <IconButton
            icon={Square}
            label={t.stop}
            onClick={() => void act(() => store.call('servers.stop', { name }), t.stopped(name))}
          />
          <IconButton icon={Power} label={t.disable} onClick={() => void turn(true)} />
        </>
      )}
      <IconButton icon={Pencil} label={t.edit} onClick={() => setEditing(true)} />
      {editing && <EditServer name={name} onClose={() => setEditing(false)} />}
    </>
  );
  function turn(disabled: boolean): Promise<unknown> {
    return act(() => store.call('servers.setDisabled', { name, disabled }), t.turned(name, disabled));
  }
}

/** Says that a server is off, with the way back. */
export function DisabledBar({ server: { name, disabled } }: { server: ServerView }) {
  const store = useStore();
  const act = useAction();
  if (!disabled) return null;
  return (
    <div className="mx-6 mb-3 flex items-center gap-4 rounded-md bg-warn-soft px-3 py-2">
      <p className="grow">{t.isOff}</p>
      <Button
        icon={Power}
        onClick={() =>
          void act(() => store.call('servers.setDisabled', { name, disabled: false }), t.turned(name, false))
        }
      >
        {t.enable}
      </Button>
    </div>
  );
}
