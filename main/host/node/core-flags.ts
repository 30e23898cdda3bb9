/**
 * Node's own options for a core that is started as a program. By default the space for new objects grows to 3 × 32 MB
 * under load and stays there; 8 MB hold what some hundreds of calls leave behind. With less, every hundredth call would
 * meet a collection.
 */
export const CORE_NODE_FLAGS = ['--max-semi-space-size=8'] as const;
