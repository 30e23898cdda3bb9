import type { Look } from './flag-facts.ts';

const CREDENTIAL_KEY =
  /^((new_|old_|current_|user_|db_|admin_)?(password|passwd)|passphrase|pin_?code|secret|secret_value|client_secret|api_?key|(api|access|auth|refresh|bearer|session|bot|personal_access|github|slack|id)_token|private_?key|secret_?key|ssh_key|credentials?|connection_string|mnemonic|seed_phrase|jwt|encrypted_value|otp|totp)$/;
const SECRET_WORDS =
  'secret secrets password passwords passphrase credential credentials keyvault apikey keychain dotenv env kubeconfig cookies mnemonic';
const SECRET_TEXT =
  /\b(api[ _](keys?|tokens?)|(access|bearer|auth|refresh|session|deploy)[ _]tokens?|access[ _]keys?|private[ _]keys?|ssh[ _]keys?|secret values?|secrets?\b(?! (scanning|scanner|santa))|passwords?|credentials|kubeconfig|(publishable|anonymous|signing|service[ _]role|encryption)[ _]keys?|connection[ _]strings?|environment[ _]variables?|env vars?|seed phrases?|recovery codes?|session cookies?|client secrets?)\b/i;
/** Kinds of stores whose entries are secrets even where the text only says items. */
const SECRET_STORES =
  /\b(1password|bitwarden|lastpass|keepass\w*|vaultwarden|dashlane|keychain|password manager|secrets? manager|key ?vault)\b/i;

/** `secrets`: it returns or takes credentials. */
export function secrets({ parameter, has, text, server, sentence }: Look): string | undefined {
  const argument = parameter(CREDENTIAL_KEY);
  if (argument !== undefined) return `argument ${argument.name} is a credential`;
  if (has(SECRET_WORDS) || SECRET_TEXT.test(text)) return 'it is about secrets or credentials';
  if (
    SECRET_STORES.test(`${server} ${sentence}`) &&
    /\b(items?|entr(y|ies)|logins?|fields?|notes?|value)\b/i.test(text)
  )
    return 'it is about entries of a store of secrets';
  return undefined;
}

/** `privilege`: it grants access, or acts with the rights of another. */
export function privilege({ category, changes, has, text, description }: Look): string | undefined {
  if (has('impersonate sudo')) return 'it acts with the rights of another';
  if (!changes) return undefined;
  const grants = has('grant add create set assign invite allow approve attach put make enable');
  // Taking access away grants none.
  if (category === 'Destructive' && !grants && !/\bgrants?\b/i.test(`${text} ${description.slice(0, 600)}`))
    return undefined;
  const reason = 'it can grant access';
  if (
    has(
      'grant invite role roles permission permissions collaborator collaborators iam acl admin privilege privileges claim claims',
    )
  )
    return reason;
  if (grants && has('member members user users access team owner maintainer')) return reason;
  if (grants && has('key keys') && has('access ssh api deploy public signing')) return reason;
  if (
    has('policy') &&
    grants &&
    /\b(iam|access|role|vault|security|bucket|polic(y|ies) (to|for) (an? )?(user|role|group))\b/i.test(text)
  )
    return reason;
  if (has('mfa 2fa totp sso') || /\b(two|multi)-factor\b/i.test(text)) return 'it changes how people sign in';
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
