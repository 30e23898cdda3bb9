import type { ServerConfig, Value } from '../../../shared/schemas/server.ts';
import { type AddForm, EMPTY_FORM, readForm } from './add-server-form.ts';

/** Stands for a value that the key store has: left as it is, that value stays. */
export const KEPT = '••••••';

/** The form of a server that is there, with bullets for its secrets. */
export function formOf(name: string, config: ServerConfig): AddForm {
  if (config.kind === 'stdio')
    return {
      ...EMPTY_FORM,
      name,
      kind: 'stdio',
      command: [config.command, ...config.args.map(shown)].map(quoted).join(' '),
      env: lines(config.env, '='),
      cwd: config.cwd ?? '',
    };
  return {
    ...EMPTY_FORM,
    name,
    kind: config.kind,
    url: typeof config.url === 'string' ? config.url : `${config.url.origin}/${KEPT}`,
    headers: lines(config.headers, ': '),
  };
}

/** What the edited form says, with the secrets of before where it has bullets. */
export function readEdit(
  form: AddForm,
  before: ServerConfig,
): { config: ServerConfig } | { problem: string } {
  const old = formOf(form.name, before);
  const read = readForm(form);
  if ('problem' in read) return read;
  const { config } = read;
  if (config.kind === 'stdio' && before.kind === 'stdio') {
    const command =
      form.command === old.command ? { command: before.command, args: before.args } : { args: config.args };
    return { config: { ...config, ...command, env: kept(config.env, before.env) } };
  }
  if (config.kind !== 'stdio' && before.kind !== 'stdio') {
    const isSame = form.url.trim() === old.url;
    return {
      config: {
        ...config,
        url: isSame ? before.url : config.url,
        headers: kept(config.headers, before.headers),
        // A client that was registered by hand belongs to the address it was registered for.
        ...(isSame && before.oauth ? { oauth: before.oauth } : {}),
      },
    };
  }
  return read;
}

function shown(value: Value): string {
  return typeof value === 'string' ? value : KEPT;
}

function lines(record: Readonly<Record<string, Value>>, sign: string): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}${sign}${shown(value)}`)
    .join('\n');
}

function kept(
  now: Readonly<Record<string, Value>>,
  before: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => [key, value === KEPT ? (before[key] ?? value) : value]),
  );
}

/** A word as splitCommand reads it. */
function quoted(word: string): string {
  if (word !== '' && !/[\s"']/.test(word) && !word.includes('\\')) return word;
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}
