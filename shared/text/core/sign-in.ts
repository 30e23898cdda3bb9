import type { SignInException } from '../../schemas/server.ts';

const RISK: Record<SignInException, string> = {
  'pkce-unsaid':
    'If it ignores PKCE, a program on this machine that gets hold of the code in the address can sign in as you.',
  'other-issuer':
    'If that is not its own other name, another authorization server may be made to look like this one, and get your codes.',
};

/** What a person has to know and do to let one server sign in all the same. */
export const signInExceptions = {
  allow: (exception: SignInException): string =>
    `If you trust it, allow it for this server: drawbridge servers sign-in NAME --allow ${exception}. ${RISK[exception]}`,
};
