const PARAM = 'mcp-param-';

/**
 * The headers of a request that repeat its body (MCP 2026-07-28, transports), as they were sent: each with all its values,
 * since a repeated one must be refused.
 */
export interface SentHeaders {
  /** By the header's name in lower case. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The request comes from Drawbridge's own stdio bridge, which knows no schemas (see the bridge). */
  readonly ofBridge: boolean;
}

/** @param raw names and values in turn, as `IncomingMessage.rawHeaders` */
export function sentHeaders(raw: readonly string[]): SentHeaders {
  const all = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    if (!name.startsWith('mcp-') && name !== 'drawbridge-bridge') continue;
    const value = trimmed(raw[at + 1] as string);
    const values = all.get(name);
    if (values) values.push(value);
    else all.set(name, [value]);
  }
  return { values: all, ofBridge: all.get('drawbridge-bridge')?.[0] === '1' };
}

/** All values of `Mcp-Param-<name>`. */
export function paramValues({ values }: SentHeaders, name: string): readonly string[] {
  return values.get(PARAM + name.toLowerCase()) ?? [];
}

/** Without the optional white space around a field's value (RFC 9110, 5.5). */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}
