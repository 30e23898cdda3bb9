import { useRef } from 'react';
import { en } from '../../../shared/text/en.ts';

/** A text field for JSON with line numbers. Tab leaves it, as in every other field. */
export function PolicyEditor(props: {
  text: string;
  invalid: boolean;
  onChange(text: string): void;
  onSave(): void;
}) {
  const numbers = useRef<HTMLPreElement>(null);
  const count = props.text.split('\n').length;
  return (
    <div className="control flex h-[min(52vh,520px)] overflow-hidden p-0 focus-within:outline-2 focus-within:outline-focus">
      <pre
        ref={numbers}
        aria-hidden="true"
        className="w-10 shrink-0 overflow-hidden border-line border-r bg-side py-2 pr-2 text-right font-mono text-muted text-small leading-[18px]"
      >
        {Array.from({ length: count }, (_, at) => at + 1).join('\n')}
      </pre>
      <textarea
        aria-label={en.servers.policy.editor}
        aria-invalid={props.invalid || undefined}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        value={props.text}
        onChange={(event) => props.onChange(event.target.value)}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
        onKeyDown={(event) => {
          if ((event.ctrlKey || event.metaKey) && event.key === 's') {
            event.preventDefault();
            props.onSave();
          }
        }}
        className="grow resize-none bg-transparent px-3 py-2 font-mono text-small leading-[18px] outline-none"
      />
    </div>
  );
}
