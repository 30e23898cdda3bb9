import type { ClientView } from '../../../../shared/schemas/client.ts';
import { rowText } from '../../../../shared/text/core/clients.ts';
import type { ClientRow } from '../table/index.ts';

/** The steps of a client that has no file to write, with the address and the command that prints its token in place. */
export function byHandOf({ id, byHand }: ClientRow, gatewayUrl: string): ClientView['byHand'] {
  if (!byHand) return null;
  const filled = (text: string): string =>
    text
      .replaceAll('{url}', `${gatewayUrl}/mcp`)
      .replaceAll('{server-url}', `${gatewayUrl}/s/SERVER/mcp`)
      .replaceAll('{token}', rowText.tokenCommand(id));
  return { steps: byHand.steps.map(filled), note: byHand.note && filled(byHand.note) };
}
