export { createUpstreamAuth, type ServerSignIns } from './create-auth.ts';
export { CALLBACK_PORT, SignInError } from './types.ts';
