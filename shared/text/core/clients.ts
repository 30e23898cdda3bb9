/**
 * What the core says to people about the AI clients and their files. Sentences only: which of them is said, and when, is
 * decided in `main/core/clients`. What is one client's own (how it is restarted, its steps by hand) stands in its row.
 */

/** Steps and reasons that several clients share, see the table of clients. */
export const rowText = {
  printToken: 'Print the token of this client: {token}',
  takeAwayDirect:
    'Then switch off or delete the servers that it reached directly until now, so that none goes past the gateway.',
  ownOauth: 'It signs in with an OAuth client of its own, which stays with the client.',
  nextSession: (client: string): string =>
    `Start a new ${client} session; running ones keep their servers until they end.`,
  /** The command that prints a client's token. */
  tokenCommand: (client: string): string => `npx drawbridge token ${client}`,
};

/** Why nothing can be done with a file, and what about it needs attention. */
export const fileText = {
  unreadable: (path: string, why: string): string => `${path} ${why}.`,
  byteOrderMark: (path: string, client: string): string =>
    `${path} begins with a byte order mark, and ${client} does not read such a file. Save it as UTF-8 without one first.`,
  broken: (
    path: string,
    at: { readonly line: number; readonly column: number; readonly message: string },
    client: string,
  ): string =>
    `${path}, line ${at.line}, column ${at.column}: ${at.message}. Drawbridge does not write a file that ${client} cannot read; correct it first.`,
  mapTwice: (path: string, map: string): string =>
    `${path}: ${map} stands there more than once. Only the last one counts.`,
  entryTwice: (path: string, name: string, copies: number): string =>
    `${path}: ${name} stands there ${copies} times. Only the last one counts; the others stay as they are, with any secrets in them.`,
  ownCredential: (path: string, field: string, name: string): string =>
    `${path}: the field ${field} of ${name} seems to hold a credential. It is the client's own and stays.`,
  hardLinks: (path: string, others: number): string =>
    `${path} has ${others} more ${others === 1 ? 'name' : 'names'} (hard links): a change goes to this one alone, the ${others === 1 ? 'other keeps' : 'others keep'} the old text. Use symbolic links instead.`,
  versioned: (path: string, by: string, root: string): string =>
    `${path} is under version control (${by}, ${root}): no token is written into it. Its entries start the bridge of Drawbridge, which reads the token from the data folder on this machine.`,
  managed: (path: string, client: string): string =>
    `${path} is set by your organisation: while it exists, ${client} reads no other servers`,
  notLookedAt: (client: string, why: string): string =>
    `The files of ${client} could not be looked at: ${why}`,
};

/** Why an entry is what it is. */
export const entryText = {
  changedByHand:
    'Our entry was changed by hand. Undo leaves it as it is; "restore --all" puts the old one back.',
  notOurDoing: 'It points here already, and was not put there by Drawbridge: undo leaves it as it is.',
  pointsToAll: 'It points to all servers of Drawbridge at once already.',
  unknownServer: (server: string): string =>
    `It points to a Drawbridge gateway, where no server is called ${server}.`,
  splitsArguments: (argument: string): string =>
    `This client takes arguments apart at blanks, and ${JSON.stringify(argument)} holds one.`,
  dropped: (client: string): string =>
    `${client} dropped its servers by itself. Drawbridge puts it back once ${client} has quit.`,
  inListOurs: 'It points to Drawbridge, and was put there by hand.',
  inList: (list: string, client: string): string =>
    `It is in a list (${list}) that only ${client} changes: enter the address of Drawbridge there by hand.`,
  formerPlace: (key: string, client: string): string =>
    `It is where ${client} kept its servers once (${key}). ${client} moves it into its own file for servers when it starts; then it can be routed.`,
  extension: (client: string): string => `It is an extension that ${client} starts by itself, past its file.`,
  /** @param ownForProject the client's own file can hold servers of one project */
  projectFile: (client: string, ownForProject: boolean): string =>
    `It is in a project file that is shared through git, which Drawbridge leaves alone. ${
      ownForProject
        ? `To put it under your policies, add the same server under the same name to your own settings for that project (in ${client}: claude mcp add --scope local). Yours counts before the shared one, shows up here and can be routed. All that you approved at once: drawbridge connect claude-code --project-files`
        : `To put it under your policies, have it in your own file of ${client} instead, where it can be routed.`
    }`,
};

/** What a plan says about an entry, and why one is left out. */
export const planText = {
  managed: (path: string, client: string): string => `${fileText.managed(path, client)}.`,
  already: 'It is routed already.',
  formerly: (file: string, name: string, why: string): string =>
    `${name} in ${file} is left as it is: ${why}`,
  cannotRoute: (why: string): string => `It cannot be routed: ${why}.`,
  broughtUpToDate: 'Brought up to date: it is routed, but not as it is reached today.',
  broughtBack: (client: string): string => `Brought back: ${client} dropped its servers by itself.`,
  sameAs: (server: string): string =>
    `The same server is registered as ${server}, too: merging them makes one server, with one policy, of both.`,
  usesSame: (server: string): string => `It uses the server ${server}, which is the same one.`,
  renamed: (server: string, name: string): string =>
    `Registered as ${server}, because ${name} is another server already.`,
  besides: (server: string, other: { readonly server: string; readonly sameProgram: boolean }): string =>
    other.sameProgram
      ? `Registered as ${server}: ${other.server} is the same program with other settings (environment or headers), and a server of its own.`
      : `Registered as ${server}, because ${other.server} is another server already.`,
  routedForAnother: (client: string): string =>
    `It is routed as an entry of ${client}, which reads the same file.`,
  keptByHand: 'You changed it and kept it that way.',
  cannotRestore: (why: string): string => `It cannot be put back: ${why}.`,
  cannotRestoreNamed: (name: string, why: string): string => `${name} cannot be put back: ${why}.`,
  fileAway: (path: string): string => `${path} is not there.`,
  fileBlank: (path: string): string =>
    `${path} is empty at the moment. What stood there is kept: undo once more when the client has written its file.`,
  removedMeanwhile:
    'It was removed meanwhile, and stays removed. Should what Drawbridge wrote come back, undo once more.',
  droppedAll: (client: string): string => `${client} dropped all its servers by itself.`,
  pointsElsewhere: 'It does not point to Drawbridge any more, and stays as it is.',
  keptBeside: 'What was added to it or changed in it meanwhile is kept.',
  changedByHand: 'It was changed by hand and stays as it is. "restore --all" puts the old one back.',
  quitFirst: (client: string): string =>
    `${client} is running, and writes its old settings over the file when it quits. Quit it fully (from its tray or menu bar icon), then try again.`,
};

/** Servers of project files that become the person's own for that project. */
export const localText = {
  none: (client: string): string => `${client} has no settings of its own for one project.`,
  noFile: (client: string): string => `${client} has no file of its own yet: start it once.`,
  nothing: 'No server of a project file had to be copied.',
  copied: (names: readonly string[], dryRun: boolean): string =>
    `${dryRun ? 'Would copy' : 'Copied'} ${names.join(', ')} from the project's shared file into your own settings for that project, where they can be routed. The shared file stays as it is; undo leaves your copies.`,
  notApproved: (label: string, client: string): string =>
    `${label} was left out: you have not approved it in ${client}.`,
  incomplete: 'An entry would be missing in it. Nothing was written.',
  failed: (path: string, why: string): string => sentence(`${path} was not changed: ${why}`),
};

/** How changing the files of a client ended. */
export const resultText = {
  nothingBecause: (why: string): string => `Nothing was changed: ${why}`,
  planOutdated: (client: string, direction: 'connect' | 'disconnect'): string =>
    `What ${direction === 'connect' ? 'connecting' : 'disconnecting'} ${client} would change is not what was shown any more: a file or a server changed since. Nothing was written; look at the new plan.`,
  left: (name: string, why: string): string => `${name} was left as it is: ${why}`,
  numbered: (
    name: string,
    server: string,
    other: { readonly server: string; readonly sameProgram: boolean },
  ): string =>
    `${name} is registered as ${server}: ${
      other.sameProgram
        ? `${other.server} is the same program with other settings (environment or headers)`
        : `${other.server} is another server`
    }. The policy of ${other.server} does not count for ${server}; to give it the same: drawbridge policy copy ${other.server} ${server}.`,
  done: (direction: 'connect' | 'disconnect', names: readonly string[]): string => {
    const listed = names.join(', ');
    const what = names.length === 1 ? listed : `${names.length} servers: ${listed}`;
    return `${direction === 'connect' ? 'Routed' : 'Put back'} ${what}.`;
  },
  byHandOnly: (client: string): string =>
    `${client} has no file that Drawbridge could write: follow its steps, in its details or in the documentation.`,
  nothingToRestore: 'Nothing had to be put back.',
  alreadyRouted: 'Already routed; nothing was changed.',
  nothingRoutable: 'No server in its files can be routed; nothing was changed.',
  unknownInJournal: (id: string): string =>
    `The journal names a client ${id} that this version does not know.`,
  notNoted: (path: string, why: string): string =>
    `${path} was changed, but that could not be noted in the journal (${why}). Drawbridge sets this right at the next change, or when it starts.`,
  /** Why a file was not changed: the system's own words, or plainer ones for its code. */
  notChanged(path: string, why: string, code: string): string {
    const reason = SYSTEM_REASONS[code];
    return sentence(`${path} was not changed: ${reason === undefined ? why : `${reason} (${code})`}`);
  },
  /** The same where the error speaks of the file itself. */
  ended: (why: string): string => sentence(why),
};

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'the file system may only be read',
  EACCES: 'this user may not write there',
  EPERM: 'the system does not allow this user to write there',
  EBUSY: 'another program holds the file open',
  EIO: 'the disk reports an error',
  EXDEV: 'its folder spans two file systems, between which a file cannot be replaced in one step',
  ENOENT: 'it, or its folder, is not there any more',
  ENOTDIR: 'something that is not a folder is in the way',
  EISDIR: 'a folder is in its place',
  ELOOP: 'a link leads round in a circle',
  ENAMETOOLONG: 'a name is too long for this system',
  ESTALE: 'its network folder is not there any more',
  ETIMEDOUT: 'its network folder does not answer',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** An entry of ours that was changed by hand, and what a person said about it. */
export const handEditText = {
  stays: (name: string): string =>
    `${name} stays as you changed it. Undo puts back what stood there before it was routed.`,
  notEditedAnyMore: (name: string, file: string): string =>
    `${name} in ${file} is not an entry of ours that was changed by hand any more. Nothing was written.`,
  lookAgain: 'Look at the client again.',
  serverGone: (server: string): string => `The server ${server} is not registered any more.`,
  putOwnBack: (client: string): string => `Put the client's own entry back: drawbridge disconnect ${client}`,
  cannotPutBack: (name: string): string => `${name} cannot be put back as Drawbridge wrote it.`,
};

/** What keeps clients from reaching their servers through the gateway, each with what to do. */
export const diagnoseText = {
  askAdministrator: 'Ask your administrator.',
  askOrPutBack: (client: string): string =>
    `Ask whoever set these rules, or put the own entry back: drawbridge disconnect ${client}`,
  notRouted: (name: string): string => `${name} is not routed`,
  notRoutedBecause: (name: string, why: string): string => `${name} is not routed: ${asClause(why)}`,
  leftBecause: (name: string, why: string): string => `${name} is left as it is: ${asClause(why)}`,
  waitsForRestart: 'waits to be restarted',
  correctFile: 'Correct the file at the place named here.',
  makeWritable: (path: string, client: string): string =>
    `Make ${path} writable, or route ${client} where the file is made.`,
  routeAnew: (client: string): string => `Route it again: ${diagnoseText.route(client)}`,
  route: (client: string): string => `drawbridge connect ${client}`,
  changedByHand: (name: string): string => `${name}: our entry was changed by hand`,
  settleByHand: (client: string): string => `Open Clients, ${client}, and keep it or put ours back.`,
  serverGone: (server: string): string => `leads to ${server}, which is not registered any more`,
  programGone: (path: string): string => `starts ${path}, which is not there any more`,
  oldAddress: (url: string, gateway: string): string => `leads to ${url}, but the gateway is at ${gateway}`,
  tokenVersioned:
    'holds a token, and its file is under version control: what was committed can be read by everybody who has it',
  outdated: 'is not what routing would write today: its token, or how it is reached, is an old one',
  allWell: (state: string, servers: number): string =>
    `${state}, ${servers} ${servers === 1 ? 'server' : 'servers'}`,
};

/** The name of an entry, with the project where it has one: the same name often stands in several. */
export function entryLabel(name: string, project: string | null): string {
  return project === null ? name : `${name} (${project})`;
}

/** A sentence as the rest of another one, without its full stop. */
function asClause(text: string): string {
  return (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, '');
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
