/** The gateway's port: taken by another program, or changed. */
export const gatewayPort = {
  taken: (port: number): string =>
    `Port ${port} on 127.0.0.1 is taken by another program. End that program, or choose another port.`,
  takenFix: 'Choose another port: drawbridge port new',
  title: (from: number): string => `Port ${from} was taken by another program`,
  moved: (from: number, to: number): string =>
    `Another program listens on port ${from}, so Drawbridge listens on port ${to} from now on. The entries of clients were brought to it, and clients that may have called the other program have new tokens.`,
  movedFix: 'Restart the clients that are running, so that they read their files again.',
  failed: (client: string, why: string): string => `${client}: ${why}`,
  byHand: (names: readonly string[]): string =>
    `Set up again by hand, with the new address and token: ${names.join(', ')}`,
  notMoved: (port: number, why: string): string => `The gateway stays on port ${port}: ${why}`,
  interfaceStays: (port: number, why: string): string => `The interface stays on port ${port}: ${why}`,
  interfaceFix: 'Choose another port: drawbridge settings set uiPort PORT',
  notMovedTitle: 'The port in the settings cannot be used',
  editedByHand: (name: string, path: string): string =>
    `${name} in ${path} was changed by hand, so it was left as it is. Correct its address yourself, or route it again.`,
};
