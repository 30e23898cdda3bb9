import type { GatewayLimits } from './types.ts';

export const DEFAULT_LIMITS: GatewayLimits = {
  // The SDKs for TypeScript give up after 60 s unless the client says otherwise, Claude Desktop and Codex after a minute.
  holdMs: 50_000,
  // Given by whoever knows the clients, see main/core/clients/table.
  holds: {},
  progressMs: 7_000,
  keepAliveMs: 15_000,
  headersMs: 500,
  tickMs: 250,
  upstreamIdleMs: 10 * 60_000,
  upstreamGoneMs: 60_000,
  sessionIdleMs: 24 * 3_600_000,
  maxSessions: 1000,
  queueMessages: 1000,
  queueBytes: 4 * 1024 * 1024,
  memberMs: 10_000,
  maxInFlight: 10_000,
  maxInFlightBytes: 128 * 1024 * 1024,
  resumeMs: 5 * 60_000,
  resumeBytes: 8 * 1024 * 1024,
  resumeBytesAll: 32 * 1024 * 1024,
};

/** Versions of the initialize era (MCP lifecycle). The revision of 2026-07-28 has no sessions. */
export const LEGACY_VERSIONS: ReadonlySet<string> = new Set([
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
]);
export const BATCH_VERSION = '2025-03-26';

/** The header that names a session (MCP 2025-11-25, transports, session management). */
export const SESSION_HEADER = 'Mcp-Session-Id';
