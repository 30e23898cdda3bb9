/** Why a list of tools cannot be used. */
export const tools = {
  /** @param tool its name in quotes, undefined where it has none */
  tooLarge: (server: string, tool: string | undefined, max: number): string =>
    `The server "${server}" describes ${tool ?? 'a tool'} with more than ${max} values, which is too much to judge. Nothing of its list of tools is used.`,
  storedUnreadable: (server: string): string =>
    `state.db: the stored tools of ${server} cannot be read. Move state.db away to list them again.`,
};
