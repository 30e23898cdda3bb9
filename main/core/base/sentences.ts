/**
 * Several sentences as one text: each ends with a full stop (or what it ends with itself), and one space is between them.
 * What is empty or absent is left out. Texts of other programs are no sentences: quote them after a colon.
 */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .map((part) => (/[.!?…:]["')”]?$/.test(part) ? part : `${part}.`))
    .join(' ');
}
