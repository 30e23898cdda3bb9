import { type ReactNode, useEffect, useRef } from 'react';

/** A form in the place of the arguments: Escape leaves it, and no key of the prompt answers the call from within it. */
export function FormFrame(props: {
  title: string;
  lead: string;
  onCancel(): void;
  /** Ctrl or ⌘ Enter. */
  onSubmit?(): void;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section
      aria-label={props.title}
      className="flex min-h-0 grow flex-col gap-3 overflow-auto"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault();
          event.stopPropagation();
          props.onCancel();
        } else if (event.ctrlKey || event.metaKey) {
          event.stopPropagation();
          if (event.key === 'Enter' && !event.repeat) {
            event.preventDefault();
            props.onSubmit?.();
          }
        }
      }}
    >
      <div>
        <h3 ref={heading} tabIndex={-1} className="font-medium outline-none">
          {props.title}
        </h3>
        <p className="text-muted">{props.lead}</p>
      </div>
      {props.children}
    </section>
  );
}
