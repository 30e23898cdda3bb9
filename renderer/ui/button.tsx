import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';
const LOOKS: Record<Look, string> = {
  primary: 'bg-invert text-on-invert hover:opacity-90 disabled:opacity-40',
  plain: 'border border-line-strong bg-raised hover:bg-hover disabled:text-muted disabled:hover:bg-raised',
  quiet: 'text-muted hover:bg-hover hover:text-text data-popup-open:bg-hover data-popup-open:text-text',
  danger: 'bg-bad-solid text-[#fff] hover:opacity-90 disabled:opacity-40',
};

export interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  icon?: LucideIcon;
  /** Shows that work is under way; the button takes no second press meanwhile. */
  busy?: boolean;
}

export function Button({ look = 'plain', icon: Icon, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={cx(
        'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 transition-colors disabled:cursor-not-allowed',
        LOOKS[look],
        className,
      )}
    >
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />}
      {children}
    </button>
  );
}

/** A button that is only an icon; `label` names it for everyone who does not see it. */
export function IconButton({
  icon: Icon,
  label,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & { icon: LucideIcon; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text disabled:opacity-40',
        className,
      )}
    >
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
