/** A JSON number's canonical text: as ECMAScript writes it when nothing is lost by that, else its own digits. */
export function canonicalNumber(literal: string): string {
  const value = Number(literal);
  if (Number.isFinite(value)) {
    const written = String(value);
    if (written === literal || decimal(written) === decimal(literal)) return written;
  }
  return decimal(literal);
}

/** The exact decimal value in one form: digits without outer zeros, then a power of ten. */
function decimal(literal: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (!parts) throw new Error(`${JSON.stringify(literal)} is not a JSON number.`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  let from = 0;
  while (digits[from] === '0') from++;
  let to = digits.length;
  while (to > from && digits[to - 1] === '0') to--;
  if (from === to) return '0';
  // BigInt: an exponent of many digits must not become infinite, or two numbers would become one.
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - to);
  return `${sign}${digits.slice(from, to)}${power === 0n ? '' : `e${power}`}`;
}
