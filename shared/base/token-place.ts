/** Names the client in an entry of ours that holds no token: the bridge reads it from the data folder. */
export const CLIENT_VARIABLE = 'DRAWBRIDGE_CLIENT';

/** Where a client's token is for the bridge, below the data folder. Undefined for what cannot be a client's id. */
export function tokenPlace(client: string): readonly [folder: string, file: string] | undefined {
  return /^[\w-][\w.-]{0,99}$/.test(client) ? ['tokens', client] : undefined;
}
