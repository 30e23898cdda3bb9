/**
 * The lines of an environment file: `NAME=value`, `export NAME="value"`, comments after `#`. In double quotes `\n` is the
 * end of a line. What is neither is passed over, as the clients do.
 */
export function readEnvFile(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name, raw] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || raw === undefined) continue;
    const quoted = /^(["'`])([\s\S]*)\1(?:\s+#.*)?$/.exec(raw);
    if (!quoted) found[name] = raw.replace(/(?:^|\s+)#.*$/, '');
    else
      found[name] = quoted[1] === '"' ? (quoted[2] as string).replaceAll('\\n', '\n') : (quoted[2] as string);
  }
  return found;
}
