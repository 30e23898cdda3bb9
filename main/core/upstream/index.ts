export { listTools } from './list-tools.ts';
export { createLoginPath, type LoginPath } from './login-path.ts';
export { createUpstreams } from './upstreams.ts';
