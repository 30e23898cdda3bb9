import type { Files } from '../../ports.ts';
import type { ServerRegistry } from '../../settings/registry.ts';
import type { Settings } from '../../settings/types.ts';
import { keyOf } from './key.ts';
import type { KeptServers, WordStore } from './types.ts';

export interface KeptServersDeps {
  readonly words: WordStore;
  readonly settings: Pick<Settings, 'get'>;
  readonly servers: Pick<ServerRegistry, 'resolve'>;
  readonly files: Pick<Files, 'stat'>;
}

/** Which servers run only while they are used, by the settings, and what they said. */
export function createKeptServers({ words, settings, servers, files }: KeptServersDeps): KeptServers {
  return {
    ...words,
    async key(server, initialize) {
      const record = settings.get().servers[server];
      if (record?.start !== 'used' || record.disabled) return undefined;
      try {
        const config = await servers.resolve(server);
        return config && (await keyOf(config, initialize, files));
      } catch {
        return undefined;
      }
    },
  };
}
