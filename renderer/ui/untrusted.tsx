import { memo, useMemo } from 'react';
import { piecesOf } from '../../shared/text/untrusted.ts';
import { cx } from './cx.ts';

/**
 * Text from a server or an agent: plain text, with what hides shown as U+XXXX. `block` keeps lines and spaces, for
 * arguments and logs; without it, everything is on one line and line breaks are shown as codes too.
 */
export const Untrusted = memo(function Untrusted({
  text,
  block = false,
  className,
}: {
  text: string;
  block?: boolean;
  className?: string;
}) {
  return (
    <span className={cx(block ? 'untrusted-block block' : 'untrusted', className)}>
      <UntrustedPieces text={text} multiline={block} />
    </span>
  );
});

/** The pieces alone, for inside an element that is `untrusted` or `untrusted-block` already. */
export function UntrustedPieces({ text, multiline = false }: { text: string; multiline?: boolean }) {
  const pieces = useMemo(() => piecesOf(text, { multiline }), [text, multiline]);
  return pieces.map((piece, at) =>
    piece.kind === 'text' ? (
      piece.text
    ) : (
      // The pieces of one text never move, so their position is their identity.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <span key={at} className="chip">
        {piece.text}
      </span>
    ),
  );
}
