import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { en } from '../../../../shared/text/en.ts';
import { useStore } from '../../../client/hooks.ts';
import { Button } from '../../../ui/button.tsx';
import { useAction } from '../../../ui/toast.tsx';
import { ImportDialog } from '../import-dialog.tsx';

const t = en.policies;
const ITEM = 'flex h-8 items-center rounded-md px-2.5 outline-none data-highlighted:bg-active';

/** Texts to begin with: recommended, strict, or a file. They go into the editor and are in force only when saved. */
export function StartMenu({ server, onText }: { server: string; onText(text: string): void }) {
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState(false);
  const [importing, setImporting] = useState(false);
  const recommend = async (strict: boolean): Promise<void> => {
    setBusy(true);
    const found = await act(() => store.call('policy.recommend', { server, strict }), t.started);
    setBusy(false);
    if (found) onText(found.text);
  };
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          disabled={busy}
          render={
            <Button look="quiet" busy={busy} title={t.startHint}>
              {t.startFrom}
              <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
            </Button>
          }
        />
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className="z-50 outline-none">
            <Menu.Popup className="pop fade p-1">
              <Menu.Item className={ITEM} onClick={() => void recommend(false)}>
                {t.startRecommended}
              </Menu.Item>
              <Menu.Item className={ITEM} onClick={() => void recommend(true)}>
                {t.startStrict}
              </Menu.Item>
              <Menu.Item className={ITEM} onClick={() => setImporting(true)}>
                {t.import}…
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {importing && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onUse={(text) => {
            setImporting(false);
            onText(text);
          }}
        />
      )}
    </>
  );
}
