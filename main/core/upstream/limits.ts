import type { ResolvedServer, UpstreamLimits } from './types.ts';

export const DEFAULT_LIMITS: UpstreamLimits = {
  messageBytes: 64 * 1024 * 1024,
  stopStepMs: 2000,
  quickEndMs: 5000,
  connectMs: 30_000,
};

const CREDENTIAL = /key|token|secret|passw|auth|credential|cookie/i;

/** Every value of a configuration that must not appear in a log line or an error text. */
export function secretsOf(config: ResolvedServer): string[] {
  const named = Object.entries(config.kind === 'stdio' ? config.env : config.headers)
    .filter(([name]) => CREDENTIAL.test(name))
    .flatMap(([, value]) => [value, value.replace(/^(bearer|basic|token)\s+/i, '')]);
  return [...new Set([...(config.secrets ?? []), ...named])].sort((a, b) => b.length - a.length);
}
