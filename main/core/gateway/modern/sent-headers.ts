const PARAM = 'mcp-param-';

/** The headers of a request as they were sent, each with all its values: a repeated one is not joined. */
export class SentHeaders {
  readonly #values = new Map<string, string[]>();
  /** The request comes from Drawbridge's own stdio bridge, which knows no schemas (see the bridge). */
  readonly ofBridge: boolean;

  /** @param raw names and values in turn, as `IncomingMessage.rawHeaders` */
  constructor(raw: readonly string[]) {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = (raw[at] as string).toLowerCase();
      if (!name.startsWith('mcp-') && name !== 'drawbridge-bridge') continue;
      const value = trimmed(raw[at + 1] as string);
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
    this.ofBridge = this.#values.get('drawbridge-bridge')?.[0] === '1';
  }

  /** All values of a header, by its name in lower case. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  param(name: string): readonly string[] {
    return this.all(PARAM + name.toLowerCase());
  }
}

/** Without the optional white space around a field's value (RFC 9110, 5.5). */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}
