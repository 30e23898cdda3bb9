import * as z from 'zod';
import {
  HEALTH_DAYS,
  LONGEST_BYPASS_MINUTES,
  LONGEST_HEALTH_DAYS,
  LONGEST_PAUSE_MINUTES,
  MAX_MISSED_CALLS,
} from './limits.ts';
import { ApprovalScope, DecisionResult } from './schemas/approval.ts';
import { ActivityDetail, ActivityQuery, ActivityRow, AuditVerdict } from './schemas/audit.ts';
import { ClientPlan, ClientResult } from './schemas/client.ts';
import { ActionName, Mode, ModeName, ServerName, Time } from './schemas/common.ts';
import { ApprovalHealth, MissedCall } from './schemas/health.ts';
import { PinHistory } from './schemas/pin.ts';
import { RuleDraft, RuleEffect, RuleField } from './schemas/rule.ts';
import { PolicyState, ServerConfig, SimpleLimit, ToolView } from './schemas/server.ts';
import { ImportedPolicy, Simulation } from './schemas/simulation.ts';
import { State, StateEvent } from './schemas/state.ts';

/**
 * The only list of what a user interface, the command line or the shell say to the core.
 * Roles: `manager` (the main window, the command line, the tray) and `approver` (the prompt window).
 */
const manager = ['manager'] as const;
const both = ['manager', 'approver'] as const;
const Empty = z.strictObject({});
const Done = z.null();

export const contract = {
  calls: {
    'core.state': { input: Empty, output: State, roles: both },
    /** Stops the core in order: prompts withdrawn, children ended, files closed. */
    'core.stop': { input: Empty, output: Done, roles: manager },
    /** `minutes` only with bypass (default 15). With `server`, for that server alone; `mode: null` lets it inherit again. */
    'mode.set': {
      input: z.strictObject({
        mode: ModeName.nullable(),
        server: ServerName.optional(),
        minutes: z.number().min(1).max(LONGEST_BYPASS_MINUTES).optional(),
      }),
      output: Mode,
      roles: manager,
    },

    'servers.add': {
      input: z.strictObject({ name: ServerName, config: ServerConfig }),
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
      output: z.array(
        z.object({ at: Time, stream: z.enum(['stderr', 'stdout', 'event']), line: z.string() }),
      ),
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
      }),
      output: z.object({ url: z.string() }),
      roles: manager,
    },
    'servers.cancelSignIn': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },
    /** Deletes the tokens here and revokes them at the authorization server where it can be reached. */
    'servers.signOut': { input: z.strictObject({ name: ServerName }), output: Done, roles: manager },

    /** Looks at the disk again; the `clients` slice follows. */
    'clients.scan': { input: Empty, output: Done, roles: manager },
    'clients.plan': {
      input: z.strictObject({
        clients: z.array(z.string()),
        direction: z.enum(['connect', 'disconnect']),
        /** A server that is registered already under another name is used, not registered again. */
        merge: z.boolean().optional(),
      }),
      output: z.array(ClientPlan),
      roles: manager,
    },
    /** Applies plans. With `digests` (by client) a plan that would differ from the shown one is refused. */
    'clients.apply': {
      input: z.strictObject({
        clients: z.array(z.string()),
        direction: z.enum(['connect', 'disconnect']),
        digests: z.record(z.string(), z.string()).optional(),
        merge: z.boolean().optional(),
      }),
      output: z.array(ClientResult),
      roles: manager,
    },
    /**
     * About an entry of ours that was changed by hand: `mine` keeps it and counts it as routed, `ours` puts back what
     * Drawbridge wrote. Undo stays possible. Refused with `conflict` when it is no such entry any more.
     */
    'clients.settleHandEdit': {
      input: z.strictObject({
        client: z.string(),
        file: z.string(),
        name: z.string(),
        project: z.string().nullable(),
        keep: z.enum(['mine', 'ours']),
      }),
      output: ClientResult,
      roles: manager,
    },
    'clients.restoreAll': { input: Empty, output: z.array(ClientResult), roles: manager },
    'clients.token': {
      input: z.strictObject({ client: z.string() }),
      output: z.object({ token: z.string() }),
      roles: manager,
    },

    'policy.get': {
      input: z.strictObject({ server: ServerName }),
      output: z.object({ text: z.string(), state: PolicyState, sentences: z.array(z.string()) }),
      roles: manager,
    },
    /** Saves a document and puts it in force. With `basedOn`, refused with `conflict` when another version is in force by now. */
    'policy.set': {
      input: z.strictObject({ server: ServerName, text: z.string(), basedOn: z.string().optional() }),
      output: PolicyState,
      roles: manager,
    },
    'policy.check': {
      input: z.strictObject({ text: z.string() }),
      output: z.object({
        ok: z.boolean(),
        problems: z.array(
          z.object({ path: z.string(), message: z.string(), suggestion: z.string().nullable() }),
        ),
        warnings: z.array(z.object({ path: z.string(), message: z.string() })),
        sentences: z.array(z.string()),
      }),
      roles: manager,
    },
    /** One click: writes the entry of one tool, keeping the rest of the document. `limit: null` removes the plain limit. */
    'policy.setTool': {
      input: z.strictObject({
        server: ServerName,
        tools: z.array(z.string()).min(1),
        action: ActionName.optional(),
        limit: SimpleLimit.nullable().optional(),
      }),
      output: PolicyState,
      roles: manager,
    },
    /** The recommended document for the tools seen, not yet in force. */
    'policy.recommend': {
      input: z.strictObject({ server: ServerName, strict: z.boolean().default(false) }),
      output: z.object({ text: z.string(), diff: z.string(), sentences: z.array(z.string()) }),
      roles: manager,
    },
    /** Tries a document on the last recorded calls of a server. Changes nothing. */
    'policy.simulate': {
      input: z.strictObject({
        server: ServerName,
        text: z.string(),
        limit: z.number().int().min(1).max(5000).default(500),
      }),
      output: Simulation,
      roles: manager,
    },
    /** Reads the open-source YAML form (or a document of ours) and gives our document with a report. Changes nothing. */
    'policy.import': { input: z.strictObject({ text: z.string() }), output: ImportedPolicy, roles: manager },
    /** A rule made from a recorded call. Without `fields`, what is suggested. Changes nothing. */
    'policy.draftRule': {
      input: z.strictObject({
        seq: z.number(),
        effect: RuleEffect,
        fields: z.array(RuleField).optional(),
        everyClient: z.boolean().default(false),
      }),
      output: RuleDraft,
      roles: manager,
    },

    /** What is known of a tool's definition over time. */
    'pins.history': {
      input: z.strictObject({ server: ServerName, tool: z.string() }),
      output: PinHistory,
      roles: manager,
    },
    /** A person looked at the definition with this hash and accepts it; refused with `conflict` when it is another by now. */
    'pins.accept': {
      input: z.strictObject({ server: ServerName, tool: z.string(), hash: z.string() }),
      output: Done,
      roles: manager,
    },
    /** Ends the quarantine of a server whose definitions flip back and forth; each blocked tool still waits for its review. */
    'pins.release': { input: z.strictObject({ server: ServerName }), output: Done, roles: manager },

    'approvals.decide': {
      input: z.strictObject({
        id: z.string(),
        decision: z.enum(['allow', 'deny']),
        scope: ApprovalScope.default('once'),
        /** With `always`: the rule to write, as `approvals.draftRule` gave it or as the person changed it. */
        rule: z.array(RuleField).optional(),
        /** Allow with other arguments (JSON text of an object): judged again, and run only if the policy lets them through. */
        editedArguments: z.string().max(1_000_000).optional(),
        message: z.string().max(2000).optional(),
        /** Digest of what was on the screen: a prompt that changed meanwhile is not decided. */
        argumentsDigest: z.string().optional(),
      }),
      output: DecisionResult,
      roles: both,
    },
    /** Answers several waiting calls of one tool and client at once; each is bound to what was on the screen. */
    'approvals.decideMany': {
      input: z.strictObject({
        calls: z
          .array(z.strictObject({ id: z.string(), argumentsDigest: z.string() }))
          .min(1)
          .max(200),
        decision: z.enum(['allow', 'deny']),
        message: z.string().max(2000).optional(),
      }),
      output: z.array(DecisionResult),
      roles: both,
    },
    /** A person is looking at this prompt: it is not given up within the next two minutes. Says nothing to the caller. */
    'approvals.attend': { input: z.strictObject({ id: z.string() }), output: Done, roles: both },
    /** The rule that `always` would write for a waiting call. Changes nothing. */
    'approvals.draftRule': {
      input: z.strictObject({ id: z.string(), fields: z.array(RuleField).optional() }),
      output: RuleDraft,
      roles: both,
    },
    /** Questions that nobody answered, newest first. */
    'approvals.missed': {
      input: z.strictObject({ limit: z.number().int().min(1).max(MAX_MISSED_CALLS).default(100) }),
      output: z.array(MissedCall),
      roles: manager,
    },
    /** Takes one off the list of missed calls, or all. */
    'approvals.dismiss': {
      input: z.strictObject({ id: z.string().optional() }),
      output: Done,
      roles: manager,
    },
    'approvals.health': {
      input: z.strictObject({ days: z.number().int().min(1).max(LONGEST_HEALTH_DAYS).default(HEALTH_DAYS) }),
      output: ApprovalHealth,
      roles: manager,
    },
    /** Denies every call of a client until it is resumed, or for some minutes. Its waiting calls are answered at once. */
    'clients.pause': {
      input: z.strictObject({
        client: z.string(),
        minutes: z.number().min(1).max(LONGEST_PAUSE_MINUTES).optional(),
      }),
      output: Done,
      roles: both,
    },
    'clients.resume': { input: z.strictObject({ client: z.string() }), output: Done, roles: both },

    'audit.page': { input: ActivityQuery, output: z.array(ActivityRow), roles: manager },
    'audit.detail': { input: z.strictObject({ seq: z.number() }), output: ActivityDetail, roles: manager },
    /** One page of an export, oldest first, already in the format asked for; `next` is null at the end. */
    'audit.export': {
      input: z.strictObject({ format: z.enum(['jsonl', 'csv']), after: z.number().default(0) }),
      output: z.object({ text: z.string(), next: z.number().nullable() }),
      roles: manager,
    },
    'audit.verify': { input: Empty, output: AuditVerdict, roles: manager },

    doctor: {
      input: Empty,
      output: z.array(
        z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().nullable() }),
      ),
      roles: manager,
    },
  },
  topics: {
    state: { event: StateEvent, roles: both },
    /** A tick with the newest sequence number; read the rows with `audit.page`. */
    activity: { event: z.object({ seq: z.number() }), roles: manager },
  },
};
export type Contract = typeof contract;
export type CallName = keyof Contract['calls'];
