import { gatewayPort as t } from '../../../../shared/text/core/gateway-port.ts';

/** Another program listens on the port that the gateway was to have. */
export class PortTaken extends Error {
  readonly port: number;
  constructor(port: number) {
    super(t.taken(port));
    this.name = 'PortTaken';
    this.port = port;
  }
}
