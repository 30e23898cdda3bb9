export { createGateway } from './endpoints/create-gateway.ts';
export { PortTaken } from './endpoints/port-taken.ts';
export type { Gateway, GatewayDeps, GatewayLimits, Handshake, SessionInfo } from './types.ts';
