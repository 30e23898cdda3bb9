/**
 * Node's own words for a core that is started as a program. By default the space for new objects grows to 3 × 32 MB under
 * load and stays there; 4 MB hold what some hundred calls leave behind, and cost a few percent of speed.
 */
export const CORE_NODE_WORDS = ['--max-semi-space-size=4'] as const;
