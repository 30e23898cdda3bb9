export { createGateway } from './endpoints/create-gateway.ts';
export type { Gateway, GatewayDeps, GatewayLimits, Handshake, SessionInfo } from './types.ts';
