import type { Category, RiskFlag } from '../../../shared/schemas/common.ts';
import type { Parameter } from './schema.ts';

export interface FlagFacts {
  readonly category: Category;
  readonly tokens: readonly string[];
  /** Name and description, for whole-word search. */
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly openWorld: boolean;
}
interface Found {
  readonly flag: RiskFlag;
  readonly reason: string;
}

const CREDENTIAL_PARAMETER =
  /^(password|passwd|passphrase|pin_?code|secret|client_?secret|api_?key|apikey|access_?token|auth_?token|refresh_?token|bearer_?token|private_?key|secret_?key|credentials?|connection_?string|mnemonic|seed_?phrase)$/i;
const CODE_PARAMETER =
  /^(code|script|command|cmd|shell|sql|sql_?query|cypher|javascript|python|expression|statements?|function_?code|source_?code)$/i;
const PATH_PARAMETER =
  /^((file|dir|directory|folder|source|destination|target|output|input|save|local|absolute|relative|working)_?)?(path|paths|dir|directory|filename|filepath|folder)$|^(file|files|cwd)$/i;
const URL_PARAMETER = /^(url|urls|uri|link|endpoint|webhook|webhook_?url)$/i;

/** Marks beside the category, each with its reason. */
export function flagsOf(facts: FlagFacts): Found[] {
  const { category, tokens, text, parameters } = facts;
  const found: Found[] = [];
  const changes = category !== 'Read';
  const has = (...words: string[]) => tokens.some((token) => words.includes(token));
  const parameter = (pattern: RegExp) => parameters.find(({ name }) => pattern.test(name));
  const flag = (name: RiskFlag, reason: string) => found.push({ flag: name, reason });

  const credential = parameter(CREDENTIAL_PARAMETER);
  if (credential !== undefined) flag('secrets', `argument ${credential.name} is a credential`);
  else if (
    has(
      'secret',
      'secrets',
      'password',
      'passwords',
      'credential',
      'credentials',
      'keyvault',
      'apikey',
      'keychain',
    ) ||
    /\b(api[ _]keys?|access[ _]tokens?|private[ _]keys?|secret values?|passwords?|credentials|(publishable|anonymous|signing|service[ _]role)[ _]keys?|connection[ _]strings?|environment[ _]variables?|env vars?)\b/i.test(
      text,
    )
  )
    flag('secrets', 'it is about secrets or credentials');

  if (
    changes &&
    (has(
      'grant',
      'invite',
      'role',
      'roles',
      'permission',
      'permissions',
      'collaborator',
      'collaborators',
      'iam',
      'acl',
      'admin',
      'sudo',
      'privilege',
    ) ||
      (has('add', 'create', 'set', 'update', 'allow', 'assign') &&
        has('member', 'members', 'user', 'users', 'access', 'team', 'key', 'keys')) ||
      /\b(grants?|role assignments?|permissions?|access (list|control|rights)|firewall rules?|ip\/cidr)\b/i.test(
        text,
      ))
  )
    flag('privilege', 'it can grant access');

  const url = parameter(URL_PARAMETER);
  const body = parameter(/^(body|data|payload|headers)$/i);
  const sends =
    changes &&
    (has(
      'send',
      'email',
      'mail',
      'sms',
      'tweet',
      'publish',
      'share',
      'forward',
      'upload',
      'webhook',
      'dm',
      'broadcast',
      'push',
      'call',
    ) ||
      (has('post', 'reply') && /\b(message|channel|thread|public|social)\b/i.test(text)));
  if (sends) flag('egress', 'it sends data out');
  else if (url !== undefined && body !== undefined)
    flag('egress', `arguments ${url.name} and ${body.name} send data out`);

  if (
    url !== undefined ||
    facts.openWorld ||
    has(
      'web',
      'scrape',
      'crawl',
      'browse',
      'browser',
      'inbox',
      'emails',
      'email',
      'messages',
      'comments',
      'tweets',
      'news',
      'navigate',
      'issue',
      'issues',
      'reviews',
      'transcript',
    ) ||
    /\b(web ?pages?|websites?|web search|internet|search results)\b/i.test(text)
  ) {
    if (category === 'Read' || url !== undefined) flag('untrusted-input', 'it brings in text from outside');
  }

  const code = parameter(CODE_PARAMETER);
  if (code !== undefined) flag('code', `argument ${code.name} is free-form code`);
  else if (
    category === 'Execute' &&
    (has(
      'sql',
      'script',
      'code',
      'shell',
      'bash',
      'command',
      'terminal',
      'eval',
      'evaluate',
      'query',
      'python',
      'javascript',
    ) ||
      /\b(sql|javascript|python|shell commands?|arbitrary)\b/i.test(text))
  )
    flag('code', 'it runs code or queries');

  const path = parameter(PATH_PARAMETER);
  if (path !== undefined) flag('path', `argument ${path.name} is a path`);

  const list = parameters.find(
    ({ name, isList }) =>
      isList &&
      /(^|_)(ids?|items?|files|records|rows|documents|users|entities|messages|urls|paths|operations|keys|names)$/i.test(
        name.replaceAll(/([a-z])([A-Z])/g, '$1_$2'),
      ),
  );
  if (changes && has('all', 'bulk', 'batch', 'many', 'multiple', 'mass'))
    flag('bulk', 'name says it acts on many things');
  else if (changes && list !== undefined) flag('bulk', `argument ${list.name} is a list`);
  return found;
}
