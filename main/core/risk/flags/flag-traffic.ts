import { sentenceTokens } from '../tokens.ts';
import { VERB_FORMS } from '../words.ts';
import type { Look } from './flag-facts.ts';

/** Verbs that send something to others, wherever they stand in a name. */
const SENDS = 'send publish share forward upload broadcast retweet repost';
const SENT = new Set(SENDS.split(' '));
/** Verbs of sending that are as often the thing sent: only at the beginning. */
const FIRST = new Set(
  'email mail sms tweet dm push text reply respond post notify announce message emails'.split(' '),
);

/** `egress`: it sends data to others. */
export function egress({
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
  if (has('keys key input keystrokes port signal branch twist pose lpush rpush') && !has('email message'))
    return undefined;
  const said = VERB_FORMS.get(sentenceTokens(sentence)[0] ?? '')?.base ?? '';
  const outward =
    /\b(message|channel|thread|public|social|comment|tweet|conversation|customers?|user|chat|recipients?|email|attendees?|subscribers?|slack|tweet)\b/i;
  if (has(SENDS) || has('webhook sms tweet dm') || /^(email|mail|push)$/.test(tokens[0] ?? ''))
    return 'it sends data out';
  if (
    (FIRST.has(tokens[0] ?? '') || has('reply notify email') || SENT.has(said) || FIRST.has(said)) &&
    (outward.test(text) || SENT.has(said)) &&
    !has('draft modify label labels filter mark list')
  )
    return 'it sends data out';
  if (
    has('create submit make') &&
    has('post') &&
    /\b(social|subreddit|feed|timeline|linkedin|twitter|reddit|facebook|instagram|public|profile|bluesky|mastodon)\b/i.test(
      `${text} ${server}`,
    )
  )
    return 'it sends data out';
  if (has('push') && /\b(remote|registry|origin|repository)\b/i.test(text)) return 'it sends data out';
  if (has('call dial') && /\b(phone|outbound|number|voice)\b/i.test(text)) return 'it calls someone';
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

/** `untrusted-input`: what it returns was written by others. */
export function untrusted({ category, has, text, parameter, openWorld, server }: Look): string | undefined {
  const url = parameter(URL_KEY);
  const fetches = has('fetch navigate goto open browse download crawl scrape request extract curl');
  if (
    category !== 'Read' &&
    !(url !== undefined && (fetches || parameter(/^(http_)?method$/) !== undefined))
  ) {
    return has('navigate scrape crawl download') && category === 'Execute' ? OUTSIDE : undefined;
  }
  if (url !== undefined || openWorld) return OUTSIDE;
  if (
    has(
      'web scrape crawl browse browser inbox email emails mail message messages comment comments tweet tweets news navigate issue issues reviews transcript thread threads conversation conversations replies feed rss ticket tickets posts reddit discussion discussions webpage attachment',
    ) ||
    /\b(web ?pages?|websites?|web search|internet|search results|current page|(direct |chat |recent |unread )?messages|emails?|conversations?|rss|pull requests?|social media|from the web)\b/i.test(
      text,
    ) ||
    (/\b(browser|playwright|puppeteer|chrome|gmail|mail|reddit|twitter)\b/i.test(server) &&
      has('snapshot content text html read thread search'))
  )
    return OUTSIDE;
  return undefined;
}
const OUTSIDE = 'it brings in text from outside';
