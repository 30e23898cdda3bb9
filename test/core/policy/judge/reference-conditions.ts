/**
 * Conditions as docs/policy.md describes them, written from that text alone: small, slow, and sharing nothing with the
 * program, so that the two can be compared.
 */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface RefCondition {
  path: string;
  op: string;
  value?: Json;
}
/** Holds, does not hold, or cannot be judged. */
export type Answer = 'yes' | 'no' | 'cannot';
/** What a path leads to: values, `MISSING`, or `CANNOT` where the way does not fit. */
export const MISSING = Symbol('missing');
export const CANNOT = Symbol('cannot');
export type Found = Json | typeof MISSING | typeof CANNOT;

const isObject = (v: Json): v is { [key: string]: Json } =>
  typeof v === 'object' && v !== null && !Array.isArray(v);
const alike = (key: string) => key.normalize('NFKC').toLowerCase();

/** Every place a path leads to. */
export function find(path: string, args: Json): Found[] {
  let places: Found[] = [args];
  for (const [, name, quoted, index] of path.slice(4).matchAll(/\.([^.[\]"]+)|\["([^"]*)"\]|\[(\d+|\*)\]/g)) {
    const key = name ?? quoted;
    places = places.flatMap((place): Found[] => {
      if (typeof place === 'symbol') return [place];
      if (key !== undefined) {
        if (!isObject(place)) return [CANNOT];
        const other = Object.keys(place).some((k) => k !== key && alike(k) === alike(key));
        const own = Object.hasOwn(place, key) ? (place[key] as Json) : MISSING;
        return other ? [own, CANNOT] : [own];
      }
      if (!Array.isArray(place)) return [CANNOT];
      if (index === '*') return place;
      return [Number(index) in place ? (place[Number(index)] as Json) : MISSING];
    });
  }
  return places.length === 0 ? [MISSING] : places;
}

export function glob(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(head)) return false;
  const remaining = text.slice(head.length);
  for (let i = 0; i <= remaining.length; i++) if (glob(rest.join('*'), remaining.slice(i))) return true;
  return false;
}

const kind = (v: Json) => (v === null ? 'null' : Array.isArray(v) ? 'list' : typeof v);
const inexact = (v: Json): boolean =>
  typeof v === 'number'
    ? !Number.isFinite(v) || (Number.isInteger(v) && Math.abs(v) > 2 ** 53 - 1)
    : typeof v === 'object' && v !== null && Object.values(v).some(inexact);
const sorted = (v: Json): Json =>
  Array.isArray(v)
    ? v.map(sorted)
    : isObject(v)
      ? Object.fromEntries(
          Object.keys(v)
            .sort()
            .map((k) => [k, sorted(v[k] as Json)]),
        )
      : v;

function same(a: Json, b: Json): Answer {
  if (kind(a) !== kind(b) || inexact(a)) return 'cannot';
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)) ? 'yes' : 'no';
}
/** Whether an argument is null can always be told. */
const is = (a: Json, b: Json): Answer => (b === null ? truth(a === null) : same(a, b));
const not = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'cannot');
const truth = (yes: boolean): Answer => (yes ? 'yes' : 'no');

/** One condition about one place. */
export function one({ op, value }: RefCondition, found: Found): Answer {
  if (found === CANNOT) return 'cannot';
  if (found === MISSING) return truth(op === 'not_exists');
  const arg = found as Json;
  switch (op) {
    case 'exists':
      return 'yes';
    case 'not_exists':
      return 'no';
    case 'eq':
      return is(arg, value as Json);
    case 'neq':
      return not(is(arg, value as Json));
    case 'in':
    case 'not_in': {
      const values = value as Json[];
      const answers = values.map((v) => (values.every((one) => one === null) ? is : same)(arg, v));
      const among = answers.includes('yes') ? 'yes' : answers.includes('no') ? 'no' : 'cannot';
      return op === 'in' ? among : not(among);
    }
    case 'keys_in':
      if (!isObject(arg)) return 'cannot';
      return truth(Object.keys(arg).every((key) => (value as Json[]).includes(key)));
    case 'contains':
      if (typeof arg === 'string') return typeof value === 'string' ? truth(arg.includes(value)) : 'cannot';
      if (!Array.isArray(arg)) return 'cannot';
      if (arg.some((element) => same(element, value as Json) === 'yes')) return 'yes';
      return arg.some((element) => same(element, value as Json) === 'cannot') ? 'cannot' : 'no';
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const limit = value as number;
      if (typeof arg !== 'number' || !Number.isFinite(arg)) return 'cannot';
      if (inexact(arg) && arg === limit) return 'cannot';
      if (op === 'lt') return truth(arg < limit);
      if (op === 'lte') return truth(arg <= limit);
      return truth(op === 'gt' ? arg > limit : arg >= limit);
    }
    default:
      return typeof arg === 'string' ? textual(op, value as string, arg) : 'cannot';
  }
}

function textual(op: string, value: string, text: string): Answer {
  if (op === 'ends_with') return text.includes('\0') ? 'cannot' : truth(text.endsWith(value));
  const plain = op === 'regex' ? value.replace(/^\^/, '') : value;
  const url = /^[^\s/]*:\/\//.test(plain);
  const path = !url && /^([/~]|\.\.?\/|[A-Z]:[\\/])/.test(plain);
  const command = !url && !path && /^[A-Za-z][\w.-]* /.test(plain);
  if (url && disguisedUrl(text)) return 'cannot';
  if ((path || (!url && !command && plain.includes('/'))) && disguisedPath(text)) return 'cannot';
  if (command && text.includes('\0')) return 'cannot';
  const matches =
    op === 'starts_with'
      ? text.startsWith(value)
      : op === 'regex'
        ? new RegExp(value).test(text)
        : url
          ? globUrl(value, text)
          : glob(value, text);
  const open =
    op === 'glob'
      ? value.includes('*')
      : op === 'regex'
        ? value.startsWith('^') && !value.endsWith('$')
        : command;
  if (!matches || !open) return truth(matches);
  if (/[\n\r\u2028\u2029]/.test(text)) return 'cannot';
  if (command && (/[;&|`$<>(){}'"\\]/.test(text) || /^\S+\s+-/.test(text))) return 'cannot';
  return 'yes';
}

/** Segments once decoded; what is decoded may hold more of the same. */
function segments(text: string): string[] {
  let plain = text;
  for (let i = 0; i < 3; i++)
    for (const [code, character] of [
      ['2e', '.'],
      ['2f', '/'],
      ['5c', '\\'],
      ['25', '%'],
    ] as const)
      plain = plain.replaceAll(new RegExp(`%${code}`, 'gi'), character);
  return plain.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[\\/?#]/);
}
const dotted = (text: string) =>
  segments(text).some((part, i) => part.trim() === '..' || (i > 0 && part.trim() === '.'));

function disguisedPath(text: string): boolean {
  return (
    text.includes('\0') ||
    dotted(text) ||
    /^\s*file:/i.test(text) ||
    /[\\/][\\/]/.test(text) ||
    /%(2e|2f|5c|25|00)/i.test(text)
  );
}

function disguisedUrl(text: string): boolean {
  if (/[\s\\\u0000-\u001f]/.test(text) || dotted(text)) return true;
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/.exec(text);
  if (match === null) return true;
  const [, scheme = '', authority = ''] = match;
  if (authority.includes('@') || /[A-Z]/.test(authority)) return true;
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/.exec(authority) ?? [];
  if (host.endsWith('.') || !/^[!-~]*$/.test(host) || host.includes('%')) return true;
  const usual: Record<string, string> = { http: '80', ws: '80', https: '443', wss: '443' };
  if (port !== undefined && (port === '' || port.startsWith('0') || port === usual[scheme])) return true;
  const parts = host.split('.');
  const numeric = host !== '' && parts.every((part) => /^(\d+|0x[0-9a-f]*)$/.test(part));
  const usualAddress =
    parts.length === 4 && parts.every((p) => /^\d+$/.test(p) && String(Number(p)) === p && Number(p) < 256);
  return numeric && !usualAddress;
}

function globUrl(pattern: string, url: string): boolean {
  const cut = (text: string) => /^(.*?):\/\/([^/?#]*)(.*)$/s.exec(text)?.slice(1) ?? ['', '', ''];
  const [scheme = '', host = '', rest = ''] = cut(pattern);
  const [itsScheme = '', itsHost = '', itsRest = ''] = cut(url);
  return (
    glob(scheme, itsScheme) &&
    glob(host, itsHost) &&
    ((rest === '' && host.endsWith('*')) || glob(rest, itsRest))
  );
}
