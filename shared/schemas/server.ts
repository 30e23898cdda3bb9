import * as z from 'zod';
import { ActionName, ModeName, Risk, ServerName, Time } from './common.ts';
import { PinView } from './pin.ts';

/** A literal, or the name under which the key store holds it. Secrets are never in the data folder's own JSON. */
export const Value = z.union([z.string(), z.strictObject({ secret: z.string() })]);
export type Value = z.infer<typeof Value>;

const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** An address that holds a credential: the key store has it, and people see where it goes. */
export const SecretUrl = z.strictObject({ secret: z.string(), origin: HttpUrl });
export type SecretUrl = z.infer<typeof SecretUrl>;

export const StdioConfig = z.strictObject({
  kind: z.literal('stdio'),
  command: z.string().min(1),
  args: z.array(Value).default([]),
  env: z.record(z.string(), Value).default({}),
  cwd: z.string().optional(),
});
/**
 * What the authorization server of one server may do although the specification forbids clients to go on: `pkce-unsaid`, it
 * does not say that it supports PKCE; `other-issuer`, its metadata names another issuer than the one it was asked as.
 */
export const SignInException = z.enum(['pkce-unsaid', 'other-issuer']);
export type SignInException = z.infer<typeof SignInException>;

export const HttpConfig = z.strictObject({
  kind: z.enum(['http', 'sse']),
  url: z.union([HttpUrl, SecretUrl], { error: 'must be an http or https URL' }),
  headers: z.record(z.string(), Value).default({}),
  /** A client that a person registered by hand, and the issuer it was registered at. Otherwise we register ourselves. */
  oauth: z
    .strictObject({
      clientId: z.string().min(1),
      clientSecret: Value.optional(),
      issuer: z.url({ protocol: /^https?$/ }).optional(),
    })
    .optional(),
  /** Set by a person who knows the risk. */
  signInAllows: z.array(SignInException).optional(),
});
/** How the gateway reaches an upstream server. */
export const ServerConfig = z.discriminatedUnion('kind', [StdioConfig, HttpConfig]);
export type StdioConfig = z.infer<typeof StdioConfig>;
export type HttpConfig = z.infer<typeof HttpConfig>;
export type ServerConfig = z.infer<typeof ServerConfig>;

export const ServerStatus = z.enum(['idle', 'starting', 'running', 'failed', 'signin']);
export type ServerStatus = z.infer<typeof ServerStatus>;

/** Signing in to an HTTP server with OAuth. Tokens are never in it. */
export const SignInView = z.object({
  /** `needed`: not signed in. `waiting`: a browser has to finish. */
  state: z.enum(['needed', 'waiting', 'signed-in']),
  /** The authorization server; null before it was asked for. */
  issuer: z.string().nullable(),
  /** While waiting: what the browser has to open. Always http or https. */
  url: z.string().nullable(),
  /** Waiting: when it is given up. Signed in: when the access token ends, null where it is not known. */
  until: Time.nullable(),
  /** The access token is renewed without a person. */
  renews: z.boolean(),
  /** A sentence: why the server wants a sign-in, what went wrong, or which permissions are missing. */
  text: z.string().nullable(),
});
export type SignInView = z.infer<typeof SignInView>;

export const PolicyState = z.object({
  /** `recommended`: none was written yet; the recommended rules are observed, not enforced. */
  source: z.enum(['recommended', 'file']),
  version: z.string(),
  /** Why the file on disk is not in force; the last good policy is. */
  broken: z.string().nullable(),
});
export type PolicyState = z.infer<typeof PolicyState>;

/** What the connections to a server tell of it. A fact of a server that is learned there is added here, and only here. */
export const ServerHealth = z.object({
  status: ServerStatus,
  /** A sentence when the status is `failed` or `signin`, or when something about a running server should be known. */
  text: z.string().nullable(),
  /** Connections open now, one for each client session. */
  connections: z.number(),
  /** How long a client has waited for an answer (ms), where that is so long that something is wrong; {@link text} says what. */
  lateMs: z.number().optional(),
});
export type ServerHealth = z.infer<typeof ServerHealth>;

/** When the program of a server is started: at the first request that needs it, or with each client that has it. */
export const ServerStart = z.enum(['used', 'client']);
export type ServerStart = z.infer<typeof ServerStart>;

export const ServerView = z.object({
  name: ServerName,
  kind: z.enum(['stdio', 'http', 'sse']),
  /** Command line or URL, for people; secret values are shown as bullets. */
  target: z.string(),
  /** A mode of its own; null inherits the one for everything. */
  mode: ModeName.nullable(),
  /** Switched off by a person. */
  disabled: z.boolean().optional(),
  /** Left out: with its client. */
  start: z.literal('used').optional(),
  /**
   * What holds for calls to this server now, of its own mode, the mode for everything, and whether its policy was ever
   * saved: `observe` when its calls pass whatever the policy says, and only what enforcing would have done is recorded.
   */
  effectiveMode: ModeName,
  policy: PolicyState,
  status: ServerHealth.shape.status,
  statusText: ServerHealth.shape.text,
  /** Null where nothing is known of a sign-in. */
  signIn: SignInView.nullable(),
  ...ServerHealth.omit({ status: true, text: true }).shape,
  /** Tools seen at the last listing; null before the first. */
  toolCount: z.number().nullable(),
  /** Tools whose changed definition waits for a review. */
  blockedTools: z.number(),
  /** Why all changed tools of this server are blocked together; null when they are not. */
  quarantine: z.string().nullable(),
  lastCallAt: Time.nullable(),
  usedBy: z.array(z.string()),
});
export type ServerView = z.infer<typeof ServerView>;

export const SimpleLimit = z.strictObject({
  max: z.number().int().min(0),
  window: z.enum(['second', 'minute', 'hour', 'day']),
});
export type SimpleLimit = z.infer<typeof SimpleLimit>;

export const ToolView = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  inputSchema: z.unknown(),
  /** Null where the server declares none. */
  outputSchema: z.unknown(),
  annotations: z.unknown(),
  risk: Risk,
  pin: PinView,
  /** What the policy's entry for this tool says before arguments are looked at. */
  action: ActionName,
  /** JSON pointer of the rule that says so, e.g. `/tools/delete_*` or `/default`. */
  rule: z.string(),
  /** What the rule says, in one sentence. */
  explain: z.string(),
  /** The first plain call limit on this tool, as the toggle shows it. */
  limit: SimpleLimit.nullable(),
  /** True when the entry holds more than an action and one plain limit. */
  hasMoreRules: z.boolean(),
  lastCallAt: Time.nullable(),
  callsToday: z.number(),
});
export type ToolView = z.infer<typeof ToolView>;
