import { Menu } from '@base-ui/react/menu';
import { ChevronDown, Download } from 'lucide-react';
import { useState } from 'react';
import { en } from '../../../shared/text/en.ts';
import { useStore } from '../../client/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { tell, tellError, useAction } from '../../ui/toast.tsx';
import { exportAudit } from './export.ts';

const t = en.activity;
const ITEM = 'flex h-8 items-center rounded-md px-2.5 outline-none data-highlighted:bg-active';

export function ExportMenu() {
  const store = useStore();
  const act = useAction();
  const [busy, setBusy] = useState(false);
  const during = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    await work();
    setBusy(false);
  };
  const save = (format: 'jsonl' | 'csv') => during(() => act(() => exportAudit(store, format), t.exported));
  const verify = () =>
    during(async () => {
      const verdict = await act(() => store.call('audit.verify', {}));
      if (verdict?.ok) tell(verdict.message);
      else if (verdict) tellError(new Error(verdict.message));
    });
  return (
    <Menu.Root>
      <Menu.Trigger
        disabled={busy}
        render={
          <Button icon={Download} busy={busy}>
            {busy ? t.exporting : t.export}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className="z-50 outline-none">
          <Menu.Popup className="pop fade p-1">
            <Menu.Item className={ITEM} onClick={() => void save('jsonl')}>
              {t.exportJsonl}
            </Menu.Item>
            <Menu.Item className={ITEM} onClick={() => void save('csv')}>
              {t.exportCsv}
            </Menu.Item>
            <Menu.Item className={ITEM} onClick={() => void verify()}>
              {t.verify}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
