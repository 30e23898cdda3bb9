import * as z from 'zod';
import { ClientResult } from '../schemas/client.ts';
import { ServerName, Time } from '../schemas/common.ts';
import { ServerConfig, ServerStart, SignInException, ToolView } from '../schemas/server.ts';
import { Done, manager } from './roles.ts';

/** Calls about the servers behind the gateway, their tools, logs and sign-ins. */
export const serverCalls = {
  'servers.add': {
    input: z.strictObject({ name: ServerName, config: ServerConfig }),
    output: Done,
    roles: manager,
  },
  /** How a server is reached. Secrets are named, as the key store knows them, never shown. */
  'servers.config': { input: z.strictObject({ name: ServerName }), output: ServerConfig, roles: manager },
  /** Another configuration in the place of the one there is; what runs with the old one ends. Secrets that are named stay. */
  'servers.edit': {
    input: z.strictObject({ name: ServerName, config: ServerConfig }),
    output: Done,
    roles: manager,
  },
  /**
   * Another name: policy, pins, tools, secrets and sign-in go along, the entries of clients follow, and the record says so.
   * Refused where the name is taken. Clients that run have to be restarted: they still ask for the old name.
   */
  'servers.rename': {
    input: z.strictObject({ name: ServerName, to: ServerName }),
    output: z.array(ClientResult),
    roles: manager,
  },
  /** Ends what runs of a server; it is started again when it is used next. */
  'servers.stop': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },
  /** Off: nothing of it is started, and whoever calls it is told so, until it is on again. */
  'servers.setDisabled': {
    input: z.strictObject({ name: ServerName, disabled: z.boolean() }),
    output: Done,
    roles: manager,
  },
  /** When its program is started. Refused for `used` where nothing is started. Sessions that began before stay as they are. */
  'servers.setStart': {
    input: z.strictObject({ name: ServerName, start: ServerStart }),
    output: Done,
    roles: manager,
  },
  'servers.remove': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },
  /** Starts the server if need be, lists its tools, and closes that connection again. */
  'servers.refresh': {
    input: z.strictObject({ name: ServerName }),
    output: z.array(ToolView),
    roles: manager,
  },
  /** The tools seen last, without starting anything. */
  'servers.tools': {
    input: z.strictObject({ name: ServerName }),
    output: z.array(ToolView),
    roles: manager,
  },
  'servers.logs': {
    input: z.strictObject({ name: ServerName }),
    output: z.array(z.object({ at: Time, stream: z.enum(['stderr', 'stdout', 'event']), line: z.string() })),
    roles: manager,
  },
  /**
   * Begins signing in to an HTTP server with OAuth; the `servers` slice follows. `client`: one that a person registered
   * by hand at the authorization server; it is kept. Gives the address for the browser, valid for 10 minutes.
   */
  'servers.signIn': {
    input: z.strictObject({
      name: ServerName,
      client: z
        .strictObject({ id: z.string().trim().min(1), secret: z.string().min(1).optional() })
        .optional(),
      /** Kept with the server, in place of what was allowed before. */
      allows: z.array(SignInException).optional(),
    }),
    output: z.object({ url: z.string() }),
    roles: manager,
  },
  'servers.cancelSignIn': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },
  /** Deletes the tokens here and revokes them at the authorization server where it can be reached. */
  'servers.signOut': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },
};
