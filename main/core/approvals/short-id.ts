/** Crockford's base 32: nothing that is misheard or misread (no i, l, o, u). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 6;

/** Six characters a person can read aloud, different from every id that `taken` knows. */
export function shortId(randomBytes: (size: number) => Buffer, taken: (id: string) => boolean): string {
  for (;;) {
    const id = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
    if (!taken(id)) return id;
  }
}
