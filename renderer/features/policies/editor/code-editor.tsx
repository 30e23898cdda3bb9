import { type KeyboardEvent, memo, type Ref, useImperativeHandle, useRef } from 'react';
import { cx } from '../../../ui/cx.ts';

/** Height of a line and room above the first, px; as in the class names below. */
const LINE = 18;
const ABOVE = 8;

export interface EditorMark {
  readonly line: number;
  readonly tone: 'bad' | 'warn';
}
export interface EditorHandle {
  /** Selects a line and brings it into sight. */
  goTo(line: number): void;
}
export interface CodeEditorProps {
  label: string;
  describedBy?: string;
  text: string;
  invalid: boolean;
  marks: readonly EditorMark[];
  onChange(text: string): void;
  ref?: Ref<EditorHandle>;
}

/**
 * A plain text field with line numbers and marked lines, so that undo, selection, search and screen readers work as
 * everywhere. Tab leaves it. Enter keeps the indentation.
 */
export function CodeEditor(props: CodeEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const beside = useRef<HTMLDivElement>(null);
  const behind = useRef<HTMLDivElement>(null);
  const follow = (): void => {
    const top = field.current?.scrollTop ?? 0;
    for (const layer of [beside.current, behind.current])
      if (layer) layer.style.transform = `translateY(${-top}px)`;
  };
  useImperativeHandle(props.ref, () => ({
    goTo(line) {
      const area = field.current;
      if (!area) return;
      const { from, to } = rangeOfLine(area.value, line);
      area.focus();
      area.setSelectionRange(from, to);
      area.scrollTop = (line - 1) * LINE - area.clientHeight / 2;
      area.scrollLeft = 0;
    },
  }));
  return (
    <div className="flex h-[min(56vh,600px)] overflow-hidden rounded-md border border-line-strong bg-raised focus-within:outline-2 focus-within:outline-focus focus-within:-outline-offset-1">
      <div aria-hidden="true" className="w-12 shrink-0 overflow-hidden border-line border-r bg-side">
        <div ref={beside} className="relative">
          <LineNumbers count={lineCount(props.text)} />
          {props.marks.map(({ line, tone }) => (
            <div
              key={`${line} ${tone}`}
              style={{ top: ABOVE + (line - 1) * LINE }}
              className={cx(
                'absolute right-0 left-0 h-[18px] border-l-2 pr-2 text-right font-mono font-semibold text-small leading-[18px]',
                tone === 'bad' ? 'border-bad bg-bad-soft text-bad' : 'border-warn bg-warn-soft text-warn',
              )}
            >
              {line}
            </div>
          ))}
        </div>
      </div>
      <div className="relative min-w-0 grow overflow-hidden">
        <div ref={behind} aria-hidden="true" className="pointer-events-none absolute inset-0">
          {props.marks.map(({ line, tone }) => (
            <div
              key={`${line} ${tone}`}
              style={{ top: ABOVE + (line - 1) * LINE }}
              className={cx('absolute inset-x-0 h-[18px]', tone === 'bad' ? 'bg-bad-soft' : 'bg-warn-soft')}
            />
          ))}
        </div>
        <textarea
          ref={field}
          aria-label={props.label}
          aria-describedby={props.describedBy}
          aria-invalid={props.invalid || undefined}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={props.text}
          onChange={(event) => props.onChange(event.target.value)}
          onScroll={follow}
          onKeyDown={keepIndentation}
          className="absolute inset-0 size-full resize-none bg-transparent px-3 py-2 font-mono text-small leading-[18px] outline-none [tab-size:2]"
        />
      </div>
    </div>
  );
}

const LineNumbers = memo(function LineNumbers({ count }: { count: number }) {
  return (
    <pre className="py-2 pr-2 text-right font-mono text-muted text-small leading-[18px]">
      {Array.from({ length: count }, (_, at) => at + 1).join('\n')}
    </pre>
  );
});

function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function rangeOfLine(text: string, line: number): { from: number; to: number } {
  let from = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', from);
    if (end === -1) break;
    from = end + 1;
  }
  const end = text.indexOf('\n', from);
  return { from, to: end === -1 ? text.length : end };
}

function keepIndentation(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
  const indent = (/^[ \t]*/.exec(line)?.[0] ?? '') + (/[{[]\s*$/.test(line) ? '  ' : '');
  // The only way to insert that the field's own undo knows of.
  if (indent !== '' && document.execCommand?.('insertText', false, `\n${indent}`)) event.preventDefault();
}
