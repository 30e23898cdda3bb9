import type { ServerResponse } from 'node:http';
import { errorMessage } from '../../codec/index.ts';

/** MCP 2025-11-25: a session that is not known. */
export const SESSION_NOT_FOUND = -32001;
/** MCP 2026-07-28, transports: a header contradicts the body. */
export const HEADER_MISMATCH = -32020;

/** Answers with a plain text. */
export function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(body.length),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

/** Answers with a JSON-RPC error. `id` is JSON text. */
export function rpcError(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  id?: string,
): void {
  const body = errorMessage(id, code, message);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
  });
  response.end(body);
}

export function accepted(response: ServerResponse): void {
  response.writeHead(202, { 'Content-Length': '0' });
  response.end();
}
