/**
 * Exact decimal amounts for counters: BigInt units of 10⁻¹². A double is read by its shortest decimal form, so 0.1 is one
 * tenth. What is finer than a unit is rounded up, so that nothing is ever counted as less than it was; a maximum is rounded
 * down.
 */
export const UNIT = 1_000_000_000_000n;
const PLACES = 12;

/** Undefined for what cannot be counted exactly: not finite, negative, or above 2⁵³ − 1. */
export function toUnits(value: number, round: 'up' | 'down' = 'up'): bigint | undefined {
  if (!Number.isFinite(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) return undefined;
  if (Number.isInteger(value)) return BigInt(value) * UNIT;
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const shift = PLACES - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + (round === 'up' ? divisor - 1n : 0n)) / divisor;
}

/** For people: no trailing zeros. */
export function unitsToText(units: bigint): string {
  const whole = units / UNIT;
  const fraction = (units % UNIT).toString().padStart(PLACES, '0').replace(/0+$/, '');
  return fraction === '' ? whole.toString() : `${whole}.${fraction}`;
}
