import { ScanError } from './scan-error.ts';
import { Scanner } from './scanner.ts';
import type { Json } from './types.ts';

/** Far deeper than any message or definition that is let in. */
const MAX_DEPTH = 500;

/**
 * Reads JSON text (RFC 8259) whose names somebody else chose. Use it in the place of JSON.parse, which in the V8 of Node 24
 * (13.6) takes a name that begins with an escape for another one: once `{"\\u0061":1}` was read, `{"\u0061mount":9}` gives
 * the name `\u0061`. A name that a rule looks for would be missing. Objects have null prototypes; the last of a name
 * counts. Throws SyntaxError with the place.
 */
export function parseJson(text: string): Json {
  const scanner = new Scanner(Buffer.from(text));
  try {
    const value = scanner.value(MAX_DEPTH, 'any');
    scanner.expectEnd();
    return value;
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new SyntaxError(error.message);
  }
}
