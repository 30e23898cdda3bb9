import { nameSignal } from './names.ts';
import type { Parameter } from './schema.ts';
import { RANK, type Signal } from './signal.ts';
import { nameTokens } from './tokens.ts';
import { VERBS } from './words.ts';

/** In capitals: `get | delete` are operations of the tool, `GET | DELETE` requests to somewhere else. */
const HTTP_METHOD = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/;
const METHOD =
  /^((sub_?)?(method|action|operation|op|command|cmd|mode)|(http_?)?method|operation_type|action_type)$/;

/** Several tools in one: `method: create | update | delete` is as severe as its most severe choice. */
export function methodSignal(parameters: readonly Parameter[]): Signal | undefined {
  let found: Signal | undefined;
  for (const { name, key, options } of parameters) {
    if (!METHOD.test(key) || options.length < 1) continue;
    if (options.every((option) => HTTP_METHOD.test(option))) {
      if (!options.some((option) => /^(POST|PUT|PATCH|DELETE)$/.test(option))) continue;
      found ??= {
        category: 'Execute',
        weak: false,
        reason: `argument ${name} chooses how a request is sent`,
      };
      continue;
    }
    for (const option of options) {
      const signal = nameSignal(nameTokens(option));
      if (signal === undefined || signal.weak || signal.category === 'Read') continue;
      if (found === undefined || RANK[signal.category] > RANK[found.category])
        found = { category: signal.category, weak: false, reason: `argument ${name} can be ${option}` };
    }
  }
  return found;
}

/** Sends any request: a URL with a method that is free, or a description that says no more than that. */
export function requestSignal(
  parameters: readonly Parameter[],
  name: Signal | undefined,
  description: string,
): Signal | undefined {
  const url = parameters.find(({ key }) => /^(url|uri|endpoint|full_url|path)$/.test(key));
  const method = parameters.find(
    ({ key, options }) =>
      /^(http_)?method$/.test(key) &&
      (options.length === 0 || options.some((option) => /^(POST|PUT|PATCH|DELETE)$/i.test(option))),
  );
  if (url !== undefined && method !== undefined)
    return {
      category: 'Execute',
      weak: false,
      reason: `arguments ${url.name} and ${method.name} send any request`,
    };
  if (name?.category === 'Read' && !name.weak) return undefined;
  if (
    /^\W*(makes?|sends?|performs?|executes?|issues?) (an? )?(\w+ ){0,2}(http\S*|api|rest|graphql) (requests?|calls?)\b/i.test(
      description,
    )
  )
    return { category: 'Execute', weak: false, reason: 'description says it sends any request' };
  return undefined;
}

/** `delete_after_read: boolean` makes a reading tool one that deletes. */
export function switchSignal(parameters: readonly Parameter[]): Signal | undefined {
  let found: Signal | undefined;
  for (const { name, key, isBoolean } of parameters) {
    const verb = VERBS.get(key.split('_', 1)[0] as string);
    if (!isBoolean || verb === undefined || !SWITCHES.has(verb.base)) continue;
    if (found === undefined || RANK[verb.category] > RANK[found.category])
      found = { category: verb.category, weak: false, reason: `argument ${name} makes it ${verb.base}` };
  }
  return found;
}
const SWITCHES = new Set(
  'delete remove purge wipe clear overwrite create send mark apply commit publish charge refund execute kill terminate archive notify'.split(
    ' ',
  ),
);

const CODE_KEY =
  /^(command|cmd|commands|cli_command|shell_command|command_line|script|script_content|shell|bash|sql|sql_query|sql_statement|raw_sql|raw_query|cypher|cypher_query|javascript|js_code|python|python_code|apex_code|source_code|cell_source|function_code|expression|statement|statements|code|snippet)$/;
/** Names of codes that are not programs: access codes, currency codes. */
const OTHER_CODE =
  /\b(access|country|currency|error|promo|coupon|zip|postal|verification|security|language|airport|status|pin|auth\w*|discount|invite|short|product|qr|bar|lock|door|alarm|otp|totp|2fa|mfa|passcode)\b/i;

/** The argument that holds free-form code, a command or a query, if there is one. */
export function codeParameter(parameters: readonly Parameter[], text: string): Parameter | undefined {
  return parameters.find(
    ({ key, description, options, isBoolean }) =>
      CODE_KEY.test(key) &&
      options.length === 0 &&
      !isBoolean &&
      !(
        key === 'code' &&
        OTHER_CODE.test(`${text} ${description}`) &&
        !/\b(run|execut|eval|program|script|javascript|python)/i.test(text)
      ),
  );
}

/** Runs what the caller writes: SQL, a script, a command. */
export function codeSignal(
  parameters: readonly Parameter[],
  tokens: readonly string[],
  text: string,
): Signal | undefined {
  const code = codeParameter(parameters, `${tokens.join(' ')} ${text}`);
  const lead = tokens[0] ?? '';
  const category = VERBS.get(lead)?.category;
  const readsCode = (category === 'Read' && lead !== 'query' && lead !== 'get') || category === 'Write';
  const content =
    /^(code|expression|script|statement|statements|snippet|source_code|cell_source|python_code|sql|sql_query)$/;
  if (code !== undefined && !(readsCode && content.test(code.key)))
    return { category: 'Execute', weak: false, reason: `argument ${code.name} is free-form code` };
  const query = parameters.find(({ key }) => key === 'query' || key === 'statement');
  if (lead === 'query' && query !== undefined && /\bsql\b/i.test(text.slice(0, 1000)))
    return { category: 'Execute', weak: false, reason: `argument ${query.name} is SQL` };
  if (
    /\b(arbitrary|raw|custom) (\w+ )?(code|sql|commands?|scripts?|javascript|python|queries|cypher|shell)\b/i.test(
      text,
    )
  )
    return { category: 'Execute', weak: false, reason: 'description says it runs what the caller writes' };
  return undefined;
}
