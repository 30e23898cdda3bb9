import { Popover } from '@base-ui/react/popover';
import { type FormEvent, useState } from 'react';
import { SimpleLimit } from '../../../../shared/schemas/server.ts';
import { en } from '../../../../shared/text/en.ts';
import { visibleText } from '../../../../shared/text/untrusted.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';

const t = en.tools.limit;
const WINDOWS = SimpleLimit.shape.window.options;

/** What a button that opens the {@link LimitPopup} asks for. */
export interface LimitAsked {
  readonly limit: SimpleLimit | null;
  readonly canRemove: boolean;
  readonly removeLabel: string;
  onChange(limit: SimpleLimit | null): void;
}
/** Joins the buttons of a table to its one popup: a popup for each row would slow the scrolling down. */
export type LimitPopups = Popover.Handle<LimitAsked>;
export const createLimitPopups = (): LimitPopups => Popover.createHandle<LimitAsked>();

/** The plain call limit of one tool: so many a window. */
export function LimitEditor(props: {
  tool: string;
  limit: SimpleLimit | null;
  popups: LimitPopups;
  onChange(limit: SimpleLimit | null): void;
}) {
  const { tool, limit, popups, onChange } = props;
  return (
    <Popover.Trigger
      handle={popups}
      payload={{ limit, canRemove: limit !== null, removeLabel: t.remove, onChange }}
      aria-label={`${t.edit(visibleText(tool))}: ${limit ? t.text(limit) : t.none}`}
      className={cx('-ml-1.5 h-6 truncate rounded-sm px-1.5 hover:bg-active', !limit && 'text-muted')}
    >
      {limit ? t.text(limit) : t.none}
    </Popover.Trigger>
  );
}

/** One limit for many tools. */
export function ManyLimits({
  popups,
  onChange,
}: {
  popups: LimitPopups;
  onChange(limit: SimpleLimit | null): void;
}) {
  return (
    <Popover.Trigger
      handle={popups}
      payload={{ limit: null, canRemove: true, removeLabel: t.removeMany, onChange }}
      render={<Button />}
    >
      {t.many}
    </Popover.Trigger>
  );
}

/** The form for a limit, below the button that opened it. */
export function LimitPopup({ popups }: { popups: LimitPopups }) {
  return (
    <Popover.Root handle={popups}>
      {({ payload: asked }) =>
        asked && (
          <Popover.Portal>
            <Popover.Positioner sideOffset={6} align="start" className="z-50">
              <Popover.Popup className="pop fade w-72 p-3">
                <Popover.Title className="font-medium">{t.title}</Popover.Title>
                <Popover.Description className="text-muted">{t.lead}</Popover.Description>
                <Form {...asked} onDone={() => popups.close()} />
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        )
      }
    </Popover.Root>
  );
}

function Form({ limit, canRemove, removeLabel, onChange, onDone }: LimitAsked & { onDone(): void }) {
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
