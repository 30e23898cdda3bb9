import { isSecretArgument, isSecretSetting } from './credentials.ts';
import type { Draft } from './draft.ts';
import { holdsCredential } from './url-credentials.ts';

/** The secrets of a draft, named as plans show them, and as the key store holds them for `server`. */
export function secretsOf(draft: Draft, server: string): { label: string; name: string; value: string }[] {
  const of = `server/${server}`;
  const fromFile = (value: string): boolean => draft.fromFiles?.includes(value) ?? false;
  if (draft.kind !== 'stdio') {
    const { url, headers } = draft;
    return [
      ...(holdsCredential(url) || fromFile(url) ? [{ label: 'URL', name: `${of}/url`, value: url }] : []),
      ...Object.entries(headers)
        .filter(([key, value]) => isSecretSetting(key, value) || fromFile(value))
        .map(([key, value]) => ({ label: `header ${key}`, name: `${of}/header/${key}`, value })),
    ];
  }
  return [
    ...draft.args.flatMap((value, i) =>
      isSecretArgument(value, draft.args[i - 1]) || fromFile(value)
        ? [{ label: `argument ${i + 1}`, name: `${of}/arg/${i}`, value }]
        : [],
    ),
    ...Object.entries(draft.env)
      .filter(([key, value]) => isSecretSetting(key, value) || fromFile(value))
      .map(([key, value]) => ({ label: `env ${key}`, name: `${of}/env/${key}`, value })),
  ];
}
