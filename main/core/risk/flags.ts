import type { Category, RiskFlag } from '../../../shared/schemas/common.ts';
import { codeParameter } from './arguments.ts';
import type { Parameter } from './schema.ts';
import { sentenceTokens } from './tokens.ts';
import { VERB_FORMS } from './words.ts';

export interface FlagFacts {
  readonly category: Category;
  /** Words of the name, without the server's. */
  readonly tokens: readonly string[];
  readonly server: string;
  readonly description: string;
  /** The description's first sentence. */
  readonly sentence: string;
  readonly parameters: readonly Parameter[];
  readonly openWorld: boolean;
}
export interface Flag {
  readonly flag: RiskFlag;
  readonly reason: string;
}
/** What the single checks look at. */
interface Look extends FlagFacts {
  /** Name and first sentence, for whole-word search. */
  readonly text: string;
  readonly changes: boolean;
  has(...words: string[]): boolean;
  parameter(pattern: RegExp): Parameter | undefined;
}

/** Marks beside the category, each with its reason, in the order of `RiskFlag`. */
export function flagsOf(facts: FlagFacts): Flag[] {
  const look: Look = {
    ...facts,
    text: `${facts.tokens.join(' ')} ${facts.sentence}`,
    changes: facts.category !== 'Read',
    has: (...words) => facts.tokens.some((token) => words.includes(token)),
    parameter: (pattern) => facts.parameters.find(({ key }) => pattern.test(key)),
  };
  const checks: [RiskFlag, (look: Look) => string | undefined][] = [
    ['secrets', secrets],
    ['privilege', privilege],
    ['egress', egress],
    ['untrusted-input', untrusted],
    ['code', code],
    ['path', path],
    ['bulk', bulk],
  ];
  return checks.flatMap(([flag, check]) => {
    const reason = check(look);
    return reason === undefined ? [] : [{ flag, reason }];
  });
}

const CREDENTIAL_KEY =
  /^((new_|old_|current_|user_|db_|admin_)?(password|passwd)|passphrase|pin_?code|secret|secret_value|client_secret|api_?key|(api|access|auth|refresh|bearer|session|bot|personal_access|github|slack|id)_token|private_?key|secret_?key|ssh_key|credentials?|connection_string|mnemonic|seed_phrase|jwt|encrypted_value|otp|totp)$/;
const SECRET_WORDS = [
  'secret',
  'secrets',
  'password',
  'passwords',
  'passphrase',
  'credential',
  'credentials',
  'keyvault',
  'apikey',
  'keychain',
  'dotenv',
  'env',
  'kubeconfig',
  'cookies',
  'mnemonic',
];
const SECRET_TEXT =
  /\b(api[ _](keys?|tokens?)|(access|bearer|auth|refresh|session|deploy)[ _]tokens?|access[ _]keys?|private[ _]keys?|ssh[ _]keys?|secret values?|secrets?\b(?! (scanning|scanner|santa))|passwords?|credentials|kubeconfig|(publishable|anonymous|signing|service[ _]role|encryption)[ _]keys?|connection[ _]strings?|environment[ _]variables?|env vars?|seed phrases?|recovery codes?|session cookies?|client secrets?)\b/i;
/** Kinds of stores whose entries are secrets even where the text only speaks of items. */
const SECRET_STORES =
  /\b(1password|bitwarden|lastpass|keepass\w*|vaultwarden|dashlane|keychain|password manager|secrets? manager|key ?vault)\b/i;

function secrets({ parameter, has, text, server, sentence }: Look): string | undefined {
  const argument = parameter(CREDENTIAL_KEY);
  if (argument !== undefined) return `argument ${argument.name} is a credential`;
  if (has(...SECRET_WORDS) || SECRET_TEXT.test(text)) return 'it is about secrets or credentials';
  if (
    SECRET_STORES.test(`${server} ${sentence}`) &&
    /\b(items?|entr(y|ies)|logins?|fields?|notes?|value)\b/i.test(text)
  )
    return 'it is about entries of a store of secrets';
  return undefined;
}

function privilege({ category, changes, has, text }: Look): string | undefined {
  if (has('impersonate', 'sudo')) return 'it acts with the rights of another';
  if (!changes) return undefined;
  const grants = has(
    'grant',
    'add',
    'create',
    'set',
    'assign',
    'invite',
    'allow',
    'approve',
    'attach',
    'put',
    'make',
    'enable',
  );
  // Taking access away grants none.
  if (category === 'Destructive' && !grants && !/\bgrants?\b/i.test(text)) return undefined;
  const reason = 'it can grant access';
  if (
    has(
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
      'privilege',
      'privileges',
      'claim',
      'claims',
    )
  )
    return reason;
  if (grants && has('member', 'members', 'user', 'users', 'access', 'team', 'owner', 'maintainer'))
    return reason;
  if (grants && has('key', 'keys') && has('access', 'ssh', 'api', 'deploy', 'public', 'signing'))
    return reason;
  if (
    has('policy') &&
    grants &&
    /\b(iam|access|role|vault|security|bucket|polic(y|ies) (to|for) (an? )?(user|role|group))\b/i.test(text)
  )
    return reason;
  if (has('mfa', '2fa', 'totp', 'sso') || /\b(two|multi)-factor\b/i.test(text))
    return 'it changes how people sign in';
  if (/\b(make|makes|set|sets) (the |a |an |it |your )?(\w+ )?(public|world-readable)\b/i.test(text))
    return 'it can make things public';
  if (
    has('elevate') ||
    (/\b(anyone|public) (\w+ ){0,3}link\b|\blink (\w+ ){0,3}anyone\b/i.test(text) && changes)
  )
    return reason;
  if (
    /\b(grants? (\w+ )?(access|permissions?|rights?|admin|roles?)|(role|policy) assignments?|permissions?|access (list|control|rights|requests?|codes?|levels?|keys?)|ownership|firewall rules?|(open|allow|add|expose)\w* (\w+ ){0,4}firewall|security groups?|ip\/cidr|custom claims?|sharing settings|who can access)\b/i.test(
      text,
    )
  )
    return reason;
  return undefined;
}

/** Verbs that send something to others, wherever they stand in a name. */
const SENDS = ['send', 'publish', 'share', 'forward', 'upload', 'broadcast', 'retweet', 'repost'];
/** Verbs of sending that are as often the thing sent: only at the beginning. */
const SENDS_FIRST = [
  'email',
  'mail',
  'sms',
  'tweet',
  'dm',
  'push',
  'text',
  'reply',
  'respond',
  'post',
  'notify',
  'announce',
  'message',
  'emails',
];

function egress({
  category,
  changes,
  tokens,
  has,
  text,
  sentence,
  parameter,
  description,
  server,
}: Look): string | undefined {
  const url = parameter(URL_KEY);
  const body = parameter(/^(body|data|payload|json|form|content)$/);
  if (url !== undefined && body !== undefined && changes)
    return `arguments ${url.name} and ${body.name} send data out`;
  if (!changes || category === 'Destructive') return undefined;
  // Keys typed into a program, and ports, go nowhere else.
  if (
    has(
      'keys',
      'key',
      'input',
      'keystrokes',
      'port',
      'signal',
      'branch',
      'twist',
      'pose',
      'lpush',
      'rpush',
    ) &&
    !has('email', 'message')
  )
    return undefined;
  const said = VERB_FORMS.get(sentenceTokens(sentence)[0] ?? '')?.base ?? '';
  const outward =
    /\b(message|channel|thread|public|social|comment|tweet|conversation|customers?|user|chat|recipients?|email|attendees?|subscribers?|slack|tweet)\b/i;
  if (
    has(...SENDS) ||
    SENDS_FIRST.slice(0, 6).includes(tokens[0] ?? '') ||
    has('webhook', 'sms', 'tweet', 'dm')
  )
    return 'it sends data out';
  if (
    (SENDS_FIRST.includes(tokens[0] ?? '') ||
      has('reply', 'notify', 'email') ||
      SENDS.includes(said) ||
      SENDS_FIRST.includes(said)) &&
    (outward.test(text) || SENDS.includes(said)) &&
    !has('draft', 'modify', 'label', 'labels', 'filter', 'mark', 'list')
  )
    return 'it sends data out';
  if (
    has('create', 'submit', 'make') &&
    has('post') &&
    /\b(social|subreddit|feed|timeline|linkedin|twitter|reddit|facebook|instagram|public|profile|bluesky|mastodon)\b/i.test(
      `${text} ${server}`,
    )
  )
    return 'it sends data out';
  if (has('push') && /\b(remote|registry|origin|repository)\b/i.test(text)) return 'it sends data out';
  if (has('call', 'dial') && /\b(phone|outbound|number|voice)\b/i.test(text)) return 'it calls someone';
  if (
    /\b(and|,|then|also) (emails|sends|posts|uploads|forwards|publishes|shares) /i.test(
      description.slice(0, 2000),
    )
  )
    return 'its description says it sends something out';
  return undefined;
}

const URL_KEY =
  /^((page|target|website|webhook|source|image|video|feed|base|full|callback)_)?(url|urls|uri|link|endpoint|webhook)$/;

function untrusted({ category, has, text, parameter, openWorld, server }: Look): string | undefined {
  const url = parameter(URL_KEY);
  const fetches = has(
    'fetch',
    'navigate',
    'goto',
    'open',
    'browse',
    'download',
    'crawl',
    'scrape',
    'request',
    'extract',
    'curl',
  );
  if (
    category !== 'Read' &&
    !(url !== undefined && (fetches || parameter(/^(http_)?method$/) !== undefined))
  ) {
    return has('navigate', 'scrape', 'crawl', 'download') && category === 'Execute' ? OUTSIDE : undefined;
  }
  if (url !== undefined || openWorld) return OUTSIDE;
  if (
    has(
      'web',
      'scrape',
      'crawl',
      'browse',
      'browser',
      'inbox',
      'email',
      'emails',
      'mail',
      'message',
      'messages',
      'comment',
      'comments',
      'tweet',
      'tweets',
      'news',
      'navigate',
      'issue',
      'issues',
      'reviews',
      'transcript',
      'thread',
      'threads',
      'conversation',
      'conversations',
      'replies',
      'feed',
      'rss',
      'ticket',
      'tickets',
      'posts',
      'reddit',
      'discussion',
      'discussions',
      'webpage',
      'attachment',
    ) ||
    /\b(web ?pages?|websites?|web search|internet|search results|current page|(direct |chat |recent |unread )?messages|emails?|conversations?|rss|pull requests?|social media|from the web)\b/i.test(
      text,
    ) ||
    (/\b(browser|playwright|puppeteer|chrome|gmail|mail|reddit|twitter)\b/i.test(server) &&
      has('snapshot', 'content', 'text', 'html', 'read', 'thread', 'search'))
  )
    return OUTSIDE;
  return undefined;
}
const OUTSIDE = 'it brings in text from outside';

function code({ category, tokens, has, text, parameters, description, parameter }: Look): string | undefined {
  const argument = codeParameter(parameters, `${tokens.join(' ')} ${description.slice(0, 1000)}`);
  if (argument !== undefined) return `argument ${argument.name} is free-form code`;
  const query = parameter(/^(query|pipeline|function|soql|jql_script|body|operations?)$/);
  if (
    query !== undefined &&
    /\b(sql|select|insert|graphql|cypher|soql|kql|javascript|statement)\b/i.test(text)
  )
    return `argument ${query.name} is a query that the caller writes`;
  if (
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
      /\b(sql|javascript|python|(shell|cli|terminal) commands?|arbitrary|(code|notebook) cell|anonymous \w+ code|scripts?)\b/i.test(
        text,
      ))
  )
    return 'it runs code or queries';
  return undefined;
}

const PATH_KEY =
  /(^|_)(path|paths|dir|directory|directories|filename|filenames|filepath|filepaths|folder_path)$|^(file|files|cwd|workdir|src|dst)$/;

function path({ parameters, parameter, text }: Look): string | undefined {
  const web = parameter(/^(http_)?method$/) !== undefined;
  const argument = parameters.find(
    ({ key, description }) =>
      PATH_KEY.test(key) &&
      !/^(api|url|x|json|request|endpoint|route|css|field|document|property|key)_?path$/.test(key) &&
      !(
        key === 'path' &&
        (web || /\b(api|url|endpoint|route|request) path\b/i.test(`${text} ${description}`))
      ),
  );
  if (argument !== undefined) return `argument ${argument.name} is a path`;
  const end = parameter(/^(source|destination|target)$/);
  return end !== undefined && /\b(files?|director(y|ies)|folders?)\b/i.test(text)
    ? `argument ${end.name} is a path`
    : undefined;
}

const MANY_KEY =
  /(^|_)(ids|items|files|records|rows|documents|users|entities|paths|operations|keys|names|objects|inputs|deletions|contacts|recipients|emails|tasks|events|issues|pages|urls)$/;

function bulk({ changes, has, parameters, sentence }: Look): string | undefined {
  if (!changes) return undefined;
  if (has('all', 'bulk', 'batch', 'many', 'multiple', 'mass')) return 'name says it acts on many things';
  const list = parameters.find(
    ({ key, isList }) =>
      isList &&
      MANY_KEY.test(key) &&
      !/^(label|tag|scope|add_label|remove_label|attendee|assignee)_?(ids|names)?$/.test(key),
  );
  if (list !== undefined) return `argument ${list.name} is a list`;
  if (
    /\b(in bulk|bulk|batch(es)?|multiple|(delet|remov|eras|updat|purg|clear|send|creat|archiv)(e|es|ing|s)? (all|every|everything)\b|to all \w+s)\b/i.test(
      sentence,
    )
  )
    return 'description says it acts on many things';
  return undefined;
}
