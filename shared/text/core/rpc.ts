/** Refusals of the calls of the contract, each with what to do where there is something. */
export const refusals = {
  noServer: (name: string): string => `No server is named ${name}.`,
  listServers: 'List them with: drawbridge servers',
  noClient: (id: string): string => `No client is called ${id}.`,
  knownClients: (ids: readonly string[]): string => `Known clients: ${ids.join(', ')}`,
  listClients: 'List them with: drawbridge clients',

  noCall: (seq: number): string => `There is no call with number ${seq}.`,
  noRecord: (seq: number): string => `There is no recorded call with the number ${seq}.`,
  notOfTool: (seq: number, method: string): string =>
    `Record ${seq} (${method}) is not a call of a tool, so no rule can be made of it.`,
  argumentsCut: (seq: number): string =>
    `The arguments of call ${seq} were too long to be recorded whole, so no rule can compare them.`,
  ruleByHand: 'Write the rule in the document, or make it while such a call waits.',

  minutesWithBypass: 'mode.set: minutes go with the mode bypass only.',
  bypassIsForAll: 'Letting everything through is for all servers at once.',
  observeOne: 'Use observe for one server.',

  serverTaken: (name: string): string => `A server named ${name} is there already.`,
  otherName: 'Remove it first, or choose another name.',
  serverOff: (name: string): string =>
    `${name} is switched off in Drawbridge. A person can switch it on: drawbridge servers enable ${name}`,
  nothingStarted: (name: string): string =>
    `${name} is reached over HTTP: nothing is started for it, so there is nothing to start later.`,
  policyInTheWay: (name: string, path: string): string =>
    `A policy for a server named ${name} is kept in ${path}, from a server that was removed.`,
  moveItAway: 'Delete that file, or choose another name.',
  sameName: (name: string): string => `It is called ${name} already.`,
  foreignSecret: (secret: string): string => `The secret ${secret} is not one of this server.`,
  serverUsed: (name: string, clients: readonly string[]): string =>
    `${name} is used by ${clients.join(', ')}.`,
  disconnectFirst: (client: string | undefined): string =>
    `Disconnect it first: drawbridge disconnect ${client}`,
  signIn: (server: string): string =>
    `Sign in: in the app, Servers, ${server}; or drawbridge servers sign-in ${server}`,

  policyChanged: (server: string): string => `The policy of ${server} changed meanwhile; nothing was saved.`,
  lookAgain: 'Look at the policy in force, and make the change again.',
  noTool: (server: string, tool: string): string => `${server} lists no tool named ${tool}.`,
  listAgain: 'List its tools again.',
  toolsUnknown: (server: string): string => `The tools of ${server} are not known yet.`,
  listFirst: (server: string): string => `List them first: drawbridge tools ${server}`,
};

/** Names of the two sides of the diff between a policy and what is recommended. */
export const diffNames = { inForce: 'in force', recommended: 'recommended' };

/** Why calls that wait are judged again or withdrawn. Agents and the record are told. */
export const changed = {
  policy: 'The policy changed while the call waited.',
  definition: 'The server changed the definition of this tool while the call waited.',
  review: 'The definition of this tool waits for review since the call came.',
  settings: 'The settings changed while the call waited.',
  raised: 'The person stopped all tool calls.',
  raisedAgain: 'The person stopped all tool calls again.',
  stopping: 'Drawbridge is stopping.',
  pauseOver: 'The time of its pause is over.',
  bypassOver: 'The time to let everything through is over.',
};
