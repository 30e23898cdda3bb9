/** What stands in the place of something that looks like a credential. */
export const REDACTED = '[redacted]';

/** Words that make a member's name that of a credential, wherever they stand in it. */
const SECRET_WORDS = new Set([
  'password',
  'passwords',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'secret',
  'secrets',
  'authorization',
  'authentication',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'apikey',
  'apikeys',
  'apitoken',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'clientsecret',
  'privatekey',
  'secretkey',
  'bearer',
  'jwt',
  'otp',
  'totp',
  'cvv',
  'cvc',
]);
/** `<word> key` and `<word> keys` that open something, unlike `primary key` or `sort key`. */
const KEY_WORDS = new Set([
  'api',
  'access',
  'private',
  'secret',
  'signing',
  'encryption',
  'ssh',
  'account',
  'master',
  'auth',
  'license',
  'shared',
]);
/** `<word> tokens` that open something, unlike `max tokens`. */
const TOKEN_WORDS = new Set([
  'access',
  'refresh',
  'auth',
  'api',
  'id',
  'bearer',
  'bot',
  'session',
  'personal',
]);
/** `<word> token` that only marks a place in a list. */
const PLACE_WORDS = new Set(['page', 'next', 'previous', 'continuation', 'cursor', 'sync', 'progress']);

const known = new Map<string, boolean>();
const MAX_KNOWN = 5_000;

/** Whether a member's name says that its value is a credential: `apiKey`, `x-auth-token`, `DB_PASSWORD`, `Set-Cookie`. */
export function isCredentialName(name: string): boolean {
  let verdict = known.get(name);
  if (verdict === undefined) {
    verdict = name.length <= 200 && judgeName(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, verdict);
  }
  return verdict;
}

function judgeName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.some((word, index) => {
    if (SECRET_WORDS.has(word)) return true;
    const before = words[index - 1] ?? '';
    if (word === 'key' || word === 'keys') return KEY_WORDS.has(before);
    if (word === 'tokens') return TOKEN_WORDS.has(before);
    if (word === 'token') return index === words.length - 1 && !words.some((other) => PLACE_WORDS.has(other));
    if (word === 'auth') return words.length === 1;
    return false;
  });
}

/** Names inside text, as in `password=…`, `"api_key": "…"`, `--token …`. */
const NAMES =
  'passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|credentials?';

/**
 * Replacements inside text, in order. Every pattern runs in time linear in the text (bounded repeats, or a start that
 * cannot lie inside the run it matches), because the text is an attacker's to choose.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // PEM blocks, also cut off, and with their line ends written as \n.
  [/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, REDACTED],
  // Header lines; the scheme stays, what follows goes.
  [
    /\b((?:proxy-)?authorization|set-cookie|cookie|x-api-key|x-auth-token)([\\"']{0,6}[ \t]{0,4}[:=][ \t]{0,4}[\\"']{0,6})(?:(?:bearer|basic|digest|token|apikey)[ \t]{1,4})?[^\r\n"'\\]{1,8192}/gi,
    `$1$2${REDACTED}`,
  ],
  [/\b(bearer|basic)([ \t]{1,4})[A-Za-z0-9._~+/=-]{8,}/gi, `$1$2${REDACTED}`],
  // User information in URLs.
  [/:\/\/[^\s/?#@"'<>\\]{1,512}@/g, `://${REDACTED}@`],
  [/(hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{1,200}/gi, `$1${REDACTED}`],
  // Tokens that carry their maker's mark.
  [/(?<![A-Za-z0-9_-])(?:sk|rk|pk)[-_][A-Za-z0-9_-]{16,}/g, REDACTED],
  [/(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})/g, REDACTED],
  [/(?<![A-Za-z0-9_-])(?:glpat|gldt|glrt|xox[a-z]|xapp|shp(?:at|ca|pa|ss))[-_][A-Za-z0-9_.-]{8,}/g, REDACTED],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/g, REDACTED],
  [/(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{30,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])ya29\.[A-Za-z0-9._-]{16,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])(?:npm|hf|dop_v1|doo_v1|whsec|lin_api|db)_[A-Za-z0-9_-]{20,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])pypi-[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])SG\.[A-Za-z0-9_-]{8,128}\.[A-Za-z0-9_-]{8,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])AGE-SECRET-KEY-1[A-Z0-9]{16,}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,8192}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,3}/g, REDACTED],
  // name=value, "name": "value", --name value, PASSWORD 'value'.
  [
    new RegExp(
      `((?:${NAMES})[\\\\"']{0,6}[ \\t]{0,4}[:=][ \\t]{0,4}[\\\\"']{0,6})(?!\\[redacted\\])[^\\s"'\\\\,;&})\\]]{1,4096}`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [
    new RegExp(`(--[a-z-]{0,30}(?:${NAMES})[ \\t]{1,4}["']?)(?!\\[redacted\\])[^\\s"']{1,4096}`, 'gi'),
    `$1${REDACTED}`,
  ],
  [/(\bpassword[ \t]{1,4}')[^']{1,512}'/gi, `$1${REDACTED}'`],
];

/** One quick look: text in which this finds nothing holds nothing that the patterns or the names would. */
const SUSPICIOUS =
  /pass|pwd|secret|token|auth|cookie|credential|key|bearer|basic|jwt|otp|cvv|cvc|:\/\/[^\s/?#@"'<>\\]{1,512}@|slack\.com|(?:sk|rk|pk)[-_]|gh[pousr]_|github_pat|gl(?:pat|dt|rt)|xox|xapp|shp(?:at|ca|pa|ss)|A(?:KIA|SIA|ROA|IDA|BIA|CCA)|AIza|ya29|npm_|hf_|do[op]_v1|whsec|lin_api|db_|pypi-|SG\.|eyJ|-----BEGIN/i;

export function looksSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/** Plain text with everything that looks like a credential replaced. */
export function redactText(text: string): string {
  if (!looksSuspicious(text)) return text;
  let out = text;
  for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement);
  return out;
}
