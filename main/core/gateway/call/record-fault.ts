import type { CodecFault } from '../../codec/types.ts';
import type { ClientIdentity } from '../../settings/types.ts';
import type { GatewayDeps } from '../types.ts';
import { faultRecord } from './records.ts';

/** Whose message it was. */
export interface Sender {
  readonly deps: GatewayDeps;
  readonly client: ClientIdentity;
  readonly server: string;
}

/** Records a message that was refused before anything else could be done with it. */
export function recordFault(sender: Sender, session: string, fault: CodecFault): void {
  const { deps, client, server } = sender;
  const caller = { clientId: client.id, clientName: deps.clientName(client.id), server, session };
  try {
    const seq = deps.audit.begin(faultRecord(caller, fault));
    deps.audit.finish(seq, {
      status: 'not-run',
      durationMs: 0,
      resultDigest: null,
      resultBytes: null,
      error: fault.message,
    });
  } catch (error) {
    deps.log('error', 'a refusal could not be recorded', error);
  }
}
