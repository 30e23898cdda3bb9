import { Dialog } from '@base-ui/react/dialog';
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { en } from '../../shared/text/en.ts';
import { useCore, useStore } from '../client/hooks.ts';
import { useSetMode } from '../features/shared/use-set-mode.ts';
import { cx } from '../ui/cx.ts';
import { useAction } from '../ui/toast.tsx';
import { type Command, paletteCommands, searchCommands } from './palette-commands.ts';

const t = en.app.palette;
const MOST = 50;

export function Palette(props: { open: boolean; onClose(): void; onApprovals(): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          initialFocus={input}
          className="pop fade fixed top-[14vh] left-1/2 z-50 flex max-h-[60vh] w-[min(560px,92vw)] -translate-x-1/2 flex-col overflow-hidden"
        >
          <Dialog.Title className="sr-only">{t.title}</Dialog.Title>
          <Search input={input} onClose={props.onClose} onApprovals={props.onApprovals} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search(props: {
  input: React.RefObject<HTMLInputElement | null>;
  onClose(): void;
  onApprovals(): void;
}) {
  const store = useStore();
  const act = useAction();
  const setMode = useSetMode();
  const [, navigate] = useLocation();
  const state = useCore((whole) => whole);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(
    () =>
      paletteCommands(state, {
        navigate,
        setMode,
        showApprovals: props.onApprovals,
        scan: () => void act(() => store.call('clients.scan', {}), en.clients.scanned),
      }),
    [state, navigate, setMode, act, store, props.onApprovals],
  );
  const found = searchCommands(all, text).slice(0, MOST);
  const chosen = Math.min(at, found.length - 1);
  const run = (command: Command | undefined): void => {
    if (!command) return;
    props.onClose();
    command.run();
  };
  const move = (by: number): void => {
    const next = (chosen + by + found.length) % found.length;
    setAt(next);
    document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      <input
        ref={props.input}
        role="combobox"
        aria-label={t.placeholder}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        placeholder={t.placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1);
          else if (event.key === 'ArrowUp') move(-1);
          else if (event.key === 'Enter') run(found[chosen]);
          else return;
          event.preventDefault();
        }}
        className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-large outline-none placeholder:text-muted"
      />
      <div id="palette-list" role="listbox" aria-label={t.title} className="min-h-0 overflow-auto p-1.5">
        {found.map((command, index) => (
          // Keys are taken by the combobox above, which names the active option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={command.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
            className={cx('flex h-8 items-center rounded-md px-2.5', index === chosen && 'bg-active')}
          >
            <span className="grow truncate">{command.label}</span>
            {command.keys && <kbd className="font-sans text-muted text-small">{command.keys}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-4 pb-4 text-muted">
          {t.empty(text)}
        </p>
      )}
    </>
  );
}
