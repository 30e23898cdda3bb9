/** What is said about rules that an organisation, or a person, set for a client: which servers it may reach. */
export const admissionText = {
  denied: (path: string, key: string): string => `${key} in ${path} refuses it`,
  notAllowed: (path: string, key: string): string => `${key} in ${path} does not list it`,
  access: (path: string, key: string, value: string): string =>
    value === 'none'
      ? `${key} in ${path} allows no server at all`
      : `${key} in ${path} allows servers of a registry only, which knows them by their own addresses`,
  unreadable: (path: string, why: string): string =>
    `${path} ${why}: whether it refuses servers is not known.`,
  /** Why an entry is not routed. @param reach what our entry would reach or start */
  left: (client: string, why: string, reach: string): string =>
    `${client} would refuse it routed: ${why} as ${reach}. Ask whoever set these rules to allow that.`,
  /** Of an entry that is routed already. */
  refused: (client: string, why: string): string => `is refused by ${client}: ${why}`,
};
