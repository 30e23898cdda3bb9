import { messageOf } from '../../../shared/base/message-of.ts';
import { gatewayPort as t } from '../../../shared/text/core/gateway-port.ts';
import type { CoreOptions, CoreParts } from '../parts.ts';
import type { SettingsDoc } from '../settings/types.ts';
import { currentPort, moveGateway } from './gateway-port.ts';

/** The configuration of each server as text, with what of it starts or calls something. */
export function configsOf({ servers }: SettingsDoc): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(servers).map(([name, { config, disabled }]) => [name, JSON.stringify([config, disabled])]),
  );
}

/**
 * Puts into force what a person wrote into settings.json and what is not looked up at each use: servers that run with another
 * configuration end, and the gateway moves to another port. What cannot be is told as a problem.
 */
export async function followHandEdit(
  parts: CoreParts,
  options: CoreOptions,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const { settings, upstreams, life, hub } = parts;
  const after = configsOf(settings.get());
  try {
    for (const [name, config] of before) if (after.get(name) !== config) await upstreams.reset(name);
    const { gatewayPort } = settings.get();
    const from = currentPort(parts);
    life.portProblem = undefined;
    if (life.listening && gatewayPort !== null && gatewayPort !== from)
      await moveGateway(parts, gatewayPort).catch((error: unknown) => {
        life.portProblem = t.notMoved(from ?? 0, messageOf(error));
      });
    hub.touch('servers', 'problems');
  } catch (error) {
    options.ports.log('error', 'The edited settings could not be put into force', error);
  }
}
