import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type Piece, piecesOf } from '../../../../shared/text/untrusted.ts';
import { cx } from '../../../ui/cx.ts';
import { coloursOf, type Stretch } from './highlight.ts';
import type { Language } from './language.ts';

/** Characters and pieces of a text that are laid out together. */
const CHUNK_CHARACTERS = 6000;
const CHUNK_PIECES = 600;
/** With more pieces than this, chunks are made only when they come near the sight. */
const MOST_PIECES = 12_000;
/** For the height of what is not laid out yet, px and characters. */
const LINE_HEIGHT = 18;
const LINE_CHARACTERS = 70;

/**
 * Text from a server or an agent as code: in its own lines, with colours and with what hides shown as U+XXXX. All of it is
 * there; a long one is laid out bit by bit, so that a megabyte of it does not stop the window.
 */
export const Code = memo(function Code({
  text,
  language = null,
  className,
}: {
  text: string;
  language?: Language | null;
  className?: string;
}) {
  const chunks = useMemo(() => chunksOf(piecesOf(text, { multiline: true })), [text]);
  const colours = useMemo(() => (language ? coloursOf(text, language) : []), [text, language]);
  const lazy = chunks.reduce((sum, chunk) => sum + chunk.length, 0) > MOST_PIECES;
  return (
    <span className={cx('untrusted-block block', className)}>
      {chunks.length === 1
        ? coloured(chunks[0] ?? [], colours)
        : chunks.map((pieces, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the chunks of one text never move
            <Chunk key={at} pieces={pieces} colours={colours} lazy={lazy} />
          ))}
    </span>
  );
});

function Chunk({ pieces, colours, lazy }: { pieces: Piece[]; colours: Stretch[]; lazy: boolean }) {
  const ref = useRef<HTMLSpanElement>(null);
  const [isMade, setMade] = useState(!lazy || typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (isMade || !ref.current) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setMade(true);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [isMade]);
  const height = useMemo(() => heightOf(pieces), [pieces]);
  return (
    <span
      ref={ref}
      className="block [content-visibility:auto]"
      style={isMade ? { containIntrinsicSize: `auto ${height}px` } : { height }}
    >
      {isMade && coloured(pieces, colours)}
    </span>
  );
}

/** A line break that ends a chunk is followed by the next block anyway, and is not shown twice. */
function chunksOf(pieces: readonly Piece[]): Piece[][] {
  const chunks: Piece[][] = [];
  let chunk: Piece[] = [];
  let size = 0;
  const close = (): void => {
    if (chunk.length > 0) chunks.push(chunk);
    chunk = [];
    size = 0;
  };
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      chunk.push(piece);
      size += piece.text.length;
      if (chunk.length >= CHUNK_PIECES || size >= CHUNK_CHARACTERS) close();
      continue;
    }
    for (let from = 0; from < piece.text.length; ) {
      const room = Math.max(1, CHUNK_CHARACTERS - size);
      const to = piece.text.length - from <= room ? piece.text.length : cut(piece.text, from, from + room);
      chunk.push({
        ...piece,
        text: piece.text.slice(from, to),
        from: piece.from + from,
        to: piece.from + to,
      });
      size += to - from;
      from = to;
      if (size >= CHUNK_CHARACTERS || (from < piece.text.length && from > 0)) close();
    }
    if (chunk.length >= CHUNK_PIECES) close();
  }
  close();
  return chunks;
}

/** Where a long text may be parted: after a line, after a word, never within a character. */
function cut(text: string, from: number, to: number): number {
  const line = text.lastIndexOf('\n', to - 1) + 1;
  if (line > from) return line;
  const space = text.lastIndexOf(' ', to - 1) + 1;
  if (space > from) return space;
  const code = text.charCodeAt(to - 1);
  return code >= 0xd800 && code < 0xdc00 ? to + 1 : to;
}

function heightOf(pieces: readonly Piece[]): number {
  let lines = 1;
  let characters = 0;
  for (const { text } of pieces) {
    lines += text.split('\n').length - 1;
    characters += text.length;
  }
  return Math.max(lines, Math.ceil(characters / LINE_CHARACTERS)) * LINE_HEIGHT;
}

/** Pieces with colours: a piece of plain text is parted where the colour changes, codes keep their own look. */
function coloured(pieces: readonly Piece[], colours: readonly Stretch[]): ReactNode[] {
  const nodes: ReactNode[] = [];
  let next = firstFrom(colours, pieces[0]?.from ?? 0);
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      nodes.push(
        <span key={nodes.length} className="chip">
          {piece.text}
        </span>,
      );
      continue;
    }
    let at = piece.from;
    const plain = (to: number): void => {
      if (to > at) nodes.push(piece.text.slice(at - piece.from, to - piece.from));
      at = Math.max(at, to);
    };
    for (; at < piece.to; next++) {
      const stretch = colours[next];
      if (!stretch || stretch.from >= piece.to) break;
      plain(Math.min(stretch.from, piece.to));
      const to = Math.min(stretch.to, piece.to);
      if (to > at) {
        nodes.push(
          <span key={nodes.length} className={`code-${stretch.tone}`}>
            {piece.text.slice(at - piece.from, to - piece.from)}
          </span>,
        );
        at = to;
      }
      // It goes on behind the piece: behind a code, or in the next chunk.
      if (stretch.to > piece.to) break;
    }
    plain(piece.to);
  }
  return nodes;
}

function firstFrom(colours: readonly Stretch[], at: number): number {
  let low = 0;
  let high = colours.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((colours[middle]?.to ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
