export { createFactStore } from './facts.ts';
export { listServerTools, listTools } from './list-tools.ts';
export { createLoginPath, type LoginPath } from './stdio/login-path.ts';
export { createUpstreams } from './upstreams.ts';
