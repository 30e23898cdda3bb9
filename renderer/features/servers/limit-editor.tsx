import { Popover } from '@base-ui/react/popover';
import { type FormEvent, type ReactElement, useState } from 'react';
import { SimpleLimit } from '../../../shared/schemas/server.ts';
import { en } from '../../../shared/text/en.ts';
import { visibleText } from '../../../shared/text/untrusted.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';

const t = en.tools.limit;
const WINDOWS = SimpleLimit.shape.window.options;

export interface LimitProps {
  tool: string;
  limit: SimpleLimit | null;
  onChange(limit: SimpleLimit | null): void;
}

/** The plain call limit of one tool: so many a window. */
export function LimitEditor({ tool, limit, onChange }: LimitProps) {
  return (
    <LimitPopover
      limit={limit}
      canRemove={limit !== null}
      removeLabel={t.remove}
      onChange={onChange}
      trigger={
        <button
          type="button"
          aria-label={`${t.edit(visibleText(tool))}: ${limit ? t.text(limit) : t.none}`}
          className={cx('-ml-1.5 h-6 truncate rounded-sm px-1.5 hover:bg-active', !limit && 'text-muted')}
        >
          {limit ? t.text(limit) : t.none}
        </button>
      }
    />
  );
}

interface PopoverProps {
  limit: SimpleLimit | null;
  canRemove: boolean;
  removeLabel: string;
  onChange(limit: SimpleLimit | null): void;
}

/** The form for a limit, below the button that opens it. */
export function LimitPopover({ trigger, ...form }: PopoverProps & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="start" className="z-50">
          <Popover.Popup className="pop fade w-72 p-3">
            <Popover.Title className="font-medium">{t.title}</Popover.Title>
            <Popover.Description className="text-muted">{t.lead}</Popover.Description>
            <Form {...form} onDone={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Form({ limit, canRemove, removeLabel, onChange, onDone }: PopoverProps & { onDone(): void }) {
  const [max, setMax] = useState(String(limit?.max ?? 10));
  const [window, setWindow] = useState<SimpleLimit['window']>(limit?.window ?? 'minute');
  const [isBad, setBad] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const parsed = SimpleLimit.safeParse({ max: max.trim() === '' ? Number.NaN : Number(max), window });
    if (!parsed.success) {
      setBad(true);
      return;
    }
    onChange(parsed.data);
    onDone();
  };
  return (
    <form onSubmit={submit} noValidate className="mt-3 flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <label className="flex flex-col gap-1">
          <span className="text-muted text-small">{t.max}</span>
          <input
            inputMode="numeric"
            value={max}
            aria-invalid={isBad || undefined}
            onChange={(event) => setMax(event.target.value)}
            className="control w-24"
          />
        </label>
        <label className="flex grow flex-col gap-1">
          <span className="text-muted text-small">{t.window}</span>
          <select
            value={window}
            onChange={(event) => setWindow(event.target.value as SimpleLimit['window'])}
            className="control"
          >
            {WINDOWS.map((each) => (
              <option key={each} value={each}>
                {t.windows[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {isBad && (
        <p role="alert" className="text-bad">
          {t.bad}
        </p>
      )}
      <div className="flex justify-end gap-2">
        {canRemove && (
          <Button
            look="quiet"
            onClick={() => {
              onChange(null);
              onDone();
            }}
          >
            {removeLabel}
          </Button>
        )}
        <Button look="primary" type="submit">
          {t.save}
        </Button>
      </div>
    </form>
  );
}
