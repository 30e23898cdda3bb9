export { createGateway } from './http/create-gateway.ts';
export type { Gateway, GatewayDeps, GatewayLimits, Handshake, SessionInfo } from './types.ts';
