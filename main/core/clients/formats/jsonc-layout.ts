import type { Node } from 'jsonc-parser';
import type { Field } from './types.ts';

/** How an entry is laid out, so that what replaces it looks like its surroundings. */
export interface Layout {
  /** White space at the beginning of the line on which the entry stands. */
  readonly base: string;
  /** One level of indentation. */
  readonly unit: string;
  readonly eol: string;
  /** On lines of its own, or all on one. */
  readonly lines: boolean;
  /** Written without any space between its parts. */
  readonly tight: boolean;
}

/** What a whole file's layout says about its entries'. */
export interface Surroundings {
  /** Null when it is all on one line. */
  readonly eol: string | null;
  readonly unit: string;
}

export function surroundingsOf(text: string): Surroundings {
  // Not by an expression: the one line of a text without line breaks can be tens of megabytes.
  const lf = text.indexOf('\n');
  const cr = text.slice(0, lf < 0 ? text.length : lf).indexOf('\r');
  const eol = cr < 0 ? (lf < 0 ? null : '\n') : cr === lf - 1 ? '\r\n' : '\r';
  return { eol, unit: (eol === null ? undefined : /[\r\n]([ \t]+)[^\s]/.exec(text)?.[1]) ?? '  ' };
}

/** @param own text of the entry itself, which tells most; empty when there is none yet. */
export function layoutOf(text: string, around: Surroundings, at: number, own: string): Layout {
  let lineStart = at;
  if (around.eol === null) lineStart = 0;
  else while (lineStart > 0 && !/[\r\n]/.test(text[lineStart - 1] as string)) lineStart--;
  const base = /^\uFEFF?([ \t]*)/.exec(text.slice(lineStart, at))?.[1] ?? '';
  const inner = /[\r\n]+([ \t]*)[^\s]/.exec(own)?.[1];
  const unit = inner?.startsWith(base) && inner.length > base.length ? inner.slice(base.length) : around.unit;
  return {
    base,
    unit,
    eol: /\r\n|\n|\r/.exec(own)?.[0] ?? around.eol ?? '\n',
    lines: own === '' || /[\r\n]/.test(own),
    tight: own !== '' && !/"\s*:\s/.test(own),
  };
}

export function renderFields(fields: readonly Field[], layout: Layout): string {
  const inner = { ...layout, base: layout.base + layout.unit };
  return wrap(
    '{}',
    fields.map(
      (field) =>
        JSON.stringify(field.key) +
        colon(layout) +
        ('text' in field ? field.text : renderValue(field.value, inner)),
    ),
    layout,
  );
}

/** A node's meaning again; numbers and strings keep their own characters, so that none loses a digit. */
export function renderNode(text: string, node: Node, layout: Layout): string {
  const inner = { ...layout, base: layout.base + layout.unit };
  const children = node.children ?? [];
  if (node.type === 'array')
    return wrap(
      '[]',
      children.map((child) => renderNode(text, child, inner)),
      layout,
    );
  if (node.type !== 'object') return text.slice(node.offset, node.offset + node.length);
  return wrap(
    '{}',
    children.flatMap((child) => {
      const [key, value] = child.children ?? [];
      if (!key || !value) return [];
      return [
        text.slice(key.offset, key.offset + key.length) + colon(layout) + renderNode(text, value, inner),
      ];
    }),
    layout,
  );
}

function renderValue(value: unknown, layout: Layout): string {
  const inner = { ...layout, base: layout.base + layout.unit };
  if (Array.isArray(value))
    return wrap(
      '[]',
      value.map((item) => renderValue(item, inner)),
      layout,
    );
  if (typeof value === 'object' && value !== null)
    return renderFields(
      Object.entries(value).map(([key, item]) => ({ key, value: item })),
      layout,
    );
  return JSON.stringify(value);
}

function colon(layout: Layout): string {
  return layout.tight ? ':' : ': ';
}

function wrap(brackets: '{}' | '[]', items: readonly string[], layout: Layout): string {
  const [open, close] = [brackets[0], brackets[1]];
  if (items.length === 0) return brackets;
  if (layout.lines) {
    const start = layout.eol + layout.base + layout.unit;
    return open + start + items.join(`,${start}`) + layout.eol + layout.base + close;
  }
  if (layout.tight) return open + items.join(',') + close;
  return brackets === '{}' ? `{ ${items.join(', ')} }` : `[${items.join(', ')}]`;
}
