interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why the settings in force are not those of the file, and why settings or secrets are refused. */
export const settings = {
  broken: (path: string, reason: string, aside: string, hasGood: boolean): string =>
    `The settings in ${path} could not be read (${reason}). They were moved to ${aside}, and ${hasGood ? 'those that were good last' : 'the defaults'} are used. Correct that file and put it back, or set things up again.`,
  refused: (path: string, reason: string): string =>
    `${path} was edited and does not fit (${reason}). The settings that were good last stay in force. Correct the file.`,
  keptAside: (path: string, aside: string): string =>
    `What was edited in ${path} does not fit. It was moved to ${aside} before a change was saved. Correct it and put it back, or make the change again.`,
  unreadable: (path: string, why: string): string =>
    `${path} cannot be read (${why}). The settings in force stay.`,
  notAnObject: 'it is not a JSON object',
  notJson: ({ line, column }: Place, what: string): string =>
    `line ${line}, column ${column}: this is not JSON${what === '' ? '' : ` (${what})`}`,
  member: ({ line, column }: Place, name: string, message: string): string =>
    `line ${line}, column ${column}, ${name}: ${message}`,
  newer: (path: string, version: number, known: number): string =>
    `The settings in ${path} were written by a newer version of Drawbridge (settings version ${version}; this one knows ${known}). They are read but not changed. Update Drawbridge to change settings.`,
  update: 'Update Drawbridge.',
  unfit: (issues: string): string => `These settings do not fit: ${issues}`,
  noHttpServer: (name: string): string => `There is no server named ${name} that is reached over HTTP.`,
  noSecret: (secret: string, server: string): string =>
    `The secret ${secret} of server ${server} is not in the key store.`,
  addAgain: 'Remove the server and add it again, or connect its client again.',
};

/** Why the store of secrets cannot be opened or used. `path` is `secrets.json`. */
export const secrets = {
  badName: 'A secret cannot be named __proto__. Choose another name.',
  locked: (path: string): string =>
    `The secrets in ${path} are locked by the operating system's key store, which only the Drawbridge app can open. Start the app, or use another data folder.`,
  keyStore: `the operating system's key store`,
  notGivenBack: (dir: string): string =>
    `The operating system's key store did not give back what it was given. The secrets in ${dir} were left as they are.`,
  keyMissing: (path: string, keyPath: string): string =>
    `The secrets in ${path} cannot be opened: their key file ${keyPath} is missing. Put it back, or move ${path} away and connect the clients again.`,
  keyDamaged: (where: string, bytes: number, expected: number): string =>
    `The key of the secret store from ${where} is damaged: it has ${bytes} bytes instead of ${expected}. Restore it from a backup.`,
  damagedValue: (name: string, path: string): string =>
    `The secret ${name} in ${path} cannot be opened: it was changed, or its key is another one. Set it again.`,
  notJson: (path: string): string => `The secret store ${path} is not JSON. ${RESTORE}`,
  newer: (path: string): string =>
    `The secret store ${path} was written by a newer version of Drawbridge. Update Drawbridge to use it.`,
  damaged: (path: string, issues: string): string =>
    `The secret store ${path} is damaged: ${issues} ${RESTORE}`,
};

const RESTORE = 'Restore it from a backup, or move it away and connect the clients again.';
