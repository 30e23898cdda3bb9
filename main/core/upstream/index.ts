export { createFactStore } from './facts.ts';
export { listServerTools, listTools } from './list-tools.ts';
export { createLoginPath } from './stdio/login-path.ts';
export type { LoginPath } from './types.ts';
export { createUpstreams } from './upstreams.ts';
