/** A text as a sentence: with a full stop where it ends with nothing of the kind. */
export function sentence(text: string): string {
  const whole = text.trim();
  return whole === '' || /[.!?…]["')”]?$/.test(whole) ? whole : `${whole}.`;
}

/**
 * Several sentences as one text: each but the last is ended, and one space is between them. What is empty or absent is
 * left out. Texts of other programs are no sentences: quote them after a colon.
 */
export function sentences(...parts: readonly (string | undefined)[]): string {
  const whole = parts.map((part) => part?.trim() ?? '').filter((part) => part !== '');
  return whole.map((part, at) => (at < whole.length - 1 ? sentence(part) : part)).join(' ');
}
