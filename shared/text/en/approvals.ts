import type { Category, RiskFlag, Severity } from '../../schemas/common.ts';
import type { ChangeKind } from '../../schemas/pin.ts';
import { scopeLabel } from '../approval-scopes.ts';
import { count, number } from '../plural.ts';

export const approvals = {
  title: 'Calls waiting',
  badge: (n: number): string => `${count(n, 'call')} waiting`,
  announce: (client: string, tool: string, server: string): string =>
    `${client} wants to use ${tool} on ${server}. The call waits for you.`,
  announceMany: (n: number, tool: string, client: string): string =>
    `${count(n, 'call')} of ${tool} from ${client} wait for you.`,
  announceWaiting: (n: number): string => (n === 1 ? '1 call waits.' : `${number(n)} calls wait.`),
  wants: 'wants to use',
  on: 'on',
  titled: 'The server calls it',
  risk: (category: Category, severity: Severity): string => `${category}, ${severity.toLowerCase()}`,
  flags: (flags: readonly RiskFlag[], words: Record<RiskFlag, string>): string => {
    const text = flags.map((flag) => words[flag]).join('; ');
    return text === '' ? '' : `It ${text}.`;
  },
  arguments: (n: number): string => (n === 0 ? 'No arguments' : count(n, 'argument')),
  argumentsLabel: 'Arguments, whole',
  call: 'The call, whole',
  view: 'How the arguments are shown',
  views: { readable: 'Readable', exact: 'Exact JSON' },
  first: 'Look at first',
  others: 'The others',
  byRule: 'the rule looks at this',
  digest: 'Digest',
  identical: (n: number): string => `${number(n)} identical calls. One decision answers all of them.`,
  toRead: 'Scroll to the end to allow',
  scrollOn: 'Show more',
  deny: 'Deny',
  denyWith: 'Deny with a message',
  message: 'Message to the agent',
  messagePlaceholder: 'What should be done instead',
  messageSend: 'Deny and send',
  allow: 'Allow once',
  allowHold: 'Hold to allow',
  allowHolding: 'Keep holding',
  holdHint: 'Critical: press and hold for one second.',
  more: 'More ways to answer',
  scope: scopeLabel,
  readFirst: 'Read to the end first.',
  onlyOnce: {
    critical: 'Critical calls are asked for each time: no lasting way to allow is offered.',
    financial: 'Calls that move money are asked for each time: no lasting way to allow is offered.',
    unreviewed:
      'Nobody has reviewed this tool as it is now: it can only be allowed once. Review it under Servers.',
    other: 'The policy lets this call be allowed only once.',
  },
  later: 'Decide later',
  holding: (client: string, left: string): string =>
    `${client} waits ${left} more. Then it is told that the approval is pending, and this prompt stays.`,
  pending:
    'The caller was told that the approval is pending. Allow lets the identical call through when it comes again.',
  givenUp: (left: string): string => `Given up in ${left}.`,
  attended: 'Not given up while you are here.',
  ended: 'The caller was told that the approval is pending.',
  next: 'Next',
  previous: 'Previous',
  position: (at: number, of: number): string => `${at} of ${of}`,
  queue: 'All waiting calls',
  entry: (tool: string, client: string, n: number): string =>
    n > 1 ? `${number(n)} × ${tool} · ${client}` : `${tool} · ${client}`,
  empty: { title: 'No call is waiting', detail: 'When a rule says ask, the call waits here for you.' },
  keys: { allow: 'allow', hold: 'hold to allow', deny: 'deny', later: 'decide later' },

  /** An edit among the arguments, as a diff. */
  edit: {
    added: 'Added',
    removed: 'Removed',
    nothing: 'Both texts are empty.',
    newlineAdded: 'A line break is added at the end.',
    newlineRemoved: 'The line break at the end is removed.',
  },

  /** Several calls of one tool by one client. */
  group: {
    title: (n: number): string => `${count(n, 'call')} of`,
    waiting: 'waiting',
    from: 'from',
    same: (n: number): string => `The same in all ${n}`,
    all: 'All arguments',
    call: (at: number, of: number): string => `Call ${at} of ${of}`,
    identical: (n: number): string => `${number(n)} times`,
    noDifference: 'Only the order of its arguments is different.',
    open: 'Decide alone',
    oneByOne: 'One by one',
    together: (n: number): string => `All ${n} together`,
    others: (n: number, tool: string): string => `${count(n, 'call')} of ${tool} wait.`,
    came: (n: number): string => `${count(n, 'more call')} came meanwhile.`,
    showCame: 'Show',
    denyAll: (n: number): string => `Deny all ${n}`,
    allowAll: (n: number): string => `Allow all ${n}`,
    eachAlone: {
      critical: 'Critical calls are allowed one by one.',
      financial: 'Calls that move money are allowed one by one.',
    },
    result: (done: number, gone: number, denied: boolean): string =>
      `${count(done, 'call')} ${denied ? 'denied' : 'allowed'}.${
        gone > 0 ? ` ${count(gone, 'call')} no longer waited.` : ''
      }`,
  },

  /** Rules made in the prompt. */
  rule: {
    title: 'Always allow calls like this',
    lead: 'Say which calls the rule applies to. It is saved in the policy, and this call runs.',
    save: 'Save rule and allow',
    notThis: 'The rule does not apply to this call.',
  },

  /** Allow with other arguments. */
  editing: {
    open: 'Edit the arguments…',
    notHolding: 'Nobody holds on the line: arguments cannot be edited any more.',
    title: 'Edit the arguments',
    lead: 'The policy judges the call again with what you write. Characters that cannot be seen are written as \\uXXXX.',
    label: 'Arguments as JSON',
    problem: (line: number, column: number, what: string): string =>
      `Line ${line}, column ${column}: ${what}`,
    notObject: 'Arguments are a JSON object: { … }.',
    same: 'Nothing is changed yet.',
    changes: 'What you change',
    allow: 'Allow with the changes',
    hold: 'Hold to allow with the changes',
    errors: {
      InvalidSymbol: 'this is no JSON value.',
      InvalidNumberFormat: 'this number is not complete.',
      PropertyNameExpected: 'a name in quotes is expected.',
      ValueExpected: 'a value is expected.',
      ColonExpected: 'a colon is expected.',
      CommaExpected: 'a comma is expected.',
      CloseBraceExpected: 'a closing } is expected.',
      CloseBracketExpected: 'a closing ] is expected.',
      EndOfFileExpected: 'nothing may follow here.',
      UnexpectedEndOfString: 'this text has no closing quote.',
      InvalidEscapeCharacter: 'this escape is unknown.',
      InvalidUnicode: 'four hexadecimal digits are expected after \\u.',
      InvalidCharacter: 'this character must be escaped.',
      DuplicateKey: 'this name is there twice.',
    } as Record<string, string>,
    wrong: 'this is no JSON.',
  },

  /** A definition that changed, or that nobody has looked at. */
  definition: {
    isNew: 'This tool is new: nobody has reviewed it.',
    changed: 'The definition of this tool changed since it was last reviewed.',
    kinds: {
      'hidden-text': 'It holds hidden characters.',
      'lowers-risk': 'It declares less risk than before.',
      'adds-instructions': 'It tells the model what to do.',
      'adds-arguments': 'It takes more arguments than before.',
      'flip-flop': 'It switches back and forth between definitions.',
    } satisfies Record<ChangeKind, string>,
    show: (n: number): string => `Show what changed in ${count(n, 'field')}`,
  },

  pause: {
    pace: (client: string, n: number): string => `${client} asked ${number(n)} times in the last minute.`,
    offer: (client: string): string => `Pause ${client}…`,
    minutes: (client: string): string => `Pause ${client} for 15 minutes…`,
    open: (client: string): string => `Pause ${client} until you resume it…`,
    title: (client: string): string => `Pause ${client}`,
    consequence: (client: string, waiting: number): string =>
      `Every call of ${client} is denied from now on${
        waiting > 0
          ? `, and so ${waiting === 1 ? 'is the one' : `are the ${number(waiting)}`} that ${waiting === 1 ? 'waits' : 'wait'}`
          : ''
      }. The agent is told that a person paused it.`,
    for: 'For how long',
    fors: { '15': '15 minutes', open: 'Until I resume it' },
    pause: 'Pause',
    paused: (client: string): string => `${client} is paused. Its calls are denied.`,
    line: (client: string, left: string | null): string =>
      left === null ? `${client} is paused` : `${client} is paused for ${left}`,
    lines: (n: number): string => `${number(n)} clients are paused`,
    detail: 'Its calls are denied.',
    resume: 'Resume',
    resumeNamed: (client: string): string => `Resume ${client}`,
    resumed: (client: string): string => `${client} goes on.`,
  },
};
