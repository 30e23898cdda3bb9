import { foldable, twinsAmong } from './look-alike-keys.ts';
import { Structure } from './structure.ts';
import type { Json, JsonObject } from './types.ts';

/** Characters of a number that has to be understood: far more than any double or decimal needs, and few enough to be quick. */
export const LONGEST_NUMBER = 4096;

const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * `any`: the last of a key counts, as in JSON.parse. `unique`: no key twice in one object. `strict` adds what policy needs:
 * also not in another case, no NUL in a key, no number beyond a double.
 */
export type Care = 'any' | 'unique' | 'strict';

/**
 * Reads JSON (RFC 8259) from bytes that are known to be valid UTF-8. It validates everything it passes, even what it only
 * skips. What a client sent is read more strictly, see {@link Tokens.fromClient}.
 */
export class Scanner extends Structure {
  /** Reads any value. Objects have null prototypes. `room` is how many levels it may hold. */
  value(room: number, care: Care): Json {
    const byte = this.peek();
    this.countValue();
    if (byte === QUOTE) return this.string();
    if (byte === OPEN_OBJECT) return this.object(room, care);
    if (byte === OPEN_ARRAY) return this.#array(room, care);
    if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      const at = this.at;
      const number = this.number();
      if (care === 'strict' && !Number.isFinite(number))
        this.fail('A number is beyond what a double holds', at);
      if (care === 'strict' && this.at - at > LONGEST_NUMBER) this.fail('A number has too many digits', at);
      return number;
    }
    if (byte === -1) this.fail('The message ends too early');
    return this.word();
  }

  /** Reads the object that begins here. */
  object(room: number, care: Care): JsonObject {
    if (room < 1) this.fail('This is nested too deeply');
    const object: JsonObject = Object.create(null);
    let fold = false;
    this.members((key, at) => {
      if (care !== 'any') {
        if (key in object) this.fail(`The key ${JSON.stringify(key)} is there twice`, at);
        if (!fold && care === 'strict' && foldable(key)) fold = true;
      }
      object[key] = this.value(room - 1, care);
    });
    if (fold) this.#refuseTwins(Object.keys(object));
    return object;
  }

  #array(room: number, care: Care): Json[] {
    if (room < 1) this.fail('This is nested too deeply');
    const list: Json[] = [];
    this.elements(() => {
      list.push(this.value(room - 1, care));
    });
    return list;
  }

  #refuseTwins(keys: string[]): void {
    if (keys.some((key) => key.includes('\0')))
      this.fail('A key holds a NUL character, in an object that ends');
    const twins = twinsAmong(keys);
    if (!twins) return;
    const [one, other] = twins.map((key) => JSON.stringify(key));
    this.fail(`The keys ${one} and ${other} could be taken for one, in an object that ends`);
  }
}
