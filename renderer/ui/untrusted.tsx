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
  const pieces = useMemo(() => piecesOf(text, { multiline: block }), [text, block]);
  return (
    <span className={cx(block ? 'untrusted-block block' : 'untrusted', className)}>
      {pieces.map((piece, at) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          // The pieces of one text never move, so their position is their identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <span key={at} className="chip">
            {piece.text}
          </span>
        ),
      )}
    </span>
  );
});
