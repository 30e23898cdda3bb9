import { isSecretSetting, secretArguments } from './credentials.ts';
import type { Draft } from './draft.ts';
import { holdsCredential } from './url-credentials.ts';

/** A secret of a draft: named as plans show it, and as the key store holds it. */
export interface Secret {
  readonly label: string;
  readonly name: string;
  readonly value: string;
}

/** The secrets of a draft that is registered as `server`. */
export function secretsOf(draft: Draft, server: string): Secret[] {
  const of = `server/${server}`;
  const isHidden = (value: string): boolean => draft.hidden?.includes(value) ?? false;
  if (draft.kind !== 'stdio') {
    const { url, headers } = draft;
    return [
      ...(holdsCredential(url) || isHidden(url) ? [{ label: 'URL', name: `${of}/url`, value: url }] : []),
      ...Object.entries(headers)
        .filter(([key, value]) => isSecretSetting(key, value) || isHidden(value))
        .map(([key, value]) => ({ label: `header ${key}`, name: `${of}/header/${key}`, value })),
    ];
  }
  const secret = secretArguments(draft.args);
  return [
    ...draft.args.flatMap((value, i) =>
      secret.has(i) || isHidden(value) ? [{ label: `argument ${i + 1}`, name: `${of}/arg/${i}`, value }] : [],
    ),
    ...Object.entries(draft.env)
      .filter(([key, value]) => isSecretSetting(key, value) || isHidden(value))
      .map(([key, value]) => ({ label: `env ${key}`, name: `${of}/env/${key}`, value })),
  ];
}
