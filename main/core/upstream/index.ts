export { createFactStore } from './facts.ts';
export { listServerTools, listTools } from './list-tools.ts';
export { createUpstreams } from './upstreams.ts';
