import { reasons } from '../../../../shared/text/core/policy.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Settings, SettingsDoc } from '../../settings/types.ts';
import type { CompiledPolicy } from '../language/compile.ts';
import type { CallFacts, PolicyEngine, Reservation, Verdict } from '../types.ts';
import { type Applicable, applicable } from './applicable.ts';
import type { Counters } from './counters.ts';
import { describeTool } from './describe-tool.ts';
import { evaluate, type Judgement } from './evaluate.ts';
import { createLoopGuard } from './loop-guard.ts';
import { type EffectiveMode, effectiveMode } from './modes.ts';

/** The policy in force for one server, as the store keeps it ready. */
export interface PolicyInForce {
  readonly policy: CompiledPolicy;
  readonly source: 'recommended' | 'file';
  /** First 12 hex digits of SHA-256 over the text. */
  readonly version: string;
}
export interface PolicyLookup {
  lookup(server: string): PolicyInForce;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly store: PolicyLookup;
  readonly settings: Pick<Settings, 'get'>;
  readonly counters: Pick<Counters, 'check' | 'take'>;
  readonly log: Log;
}

/** A judgement and what it was made of. */
interface Judged {
  readonly facts: CallFacts;
  readonly doc: SettingsDoc;
  readonly inForce: PolicyInForce;
  readonly approved: boolean;
  readonly verdict: Verdict;
  readonly judged: Judgement;
  readonly mode: EffectiveMode;
}

/** Entries looked up before; more than this are forgotten at once, so that made-up names cannot fill the memory. */
const MAX_REMEMBERED = 5000;

/** Hidden text in a definition must not reach an agent, in bypass mode either. */
const IN_EVERY_MODE = 'pin:hidden-text';

/** What denies a call before any document is looked at. */
function flatRefusal(
  { clientId }: CallFacts,
  { pausedClients }: SettingsDoc,
  mode: EffectiveMode,
  now: number,
): { rule: string; reason: string; freeAt?: number } | undefined {
  if (mode.mode === 'raised') return { rule: 'mode:raised', reason: mode.reason };
  const pause = Object.hasOwn(pausedClients, clientId) ? pausedClients[clientId] : undefined;
  if (pause === undefined || (pause.until !== null && now >= pause.until)) return undefined;
  return pause.until === null
    ? { rule: 'client:paused', reason: reasons.paused(clientId, false) }
    : { rule: 'client:paused', reason: reasons.paused(clientId, true), freeAt: pause.until };
}

/** Judges calls by the policy documents, the modes and the loop guard. */
export function createPolicyEngine(parts: EngineParts): PolicyEngine {
  const { clock, store, settings, counters, log } = parts;
  const loops = createLoopGuard(clock);
  const remembered = new WeakMap<CompiledPolicy, Map<string, Applicable>>();

  const which = (policy: CompiledPolicy, clientId: string, tool: string): Applicable => {
    let cache = remembered.get(policy);
    if (cache === undefined || cache.size >= MAX_REMEMBERED) {
      cache = new Map();
      remembered.set(policy, cache);
    }
    const key = `${clientId}\n${tool}`;
    let found = cache.get(key);
    if (found === undefined) {
      found = applicable(policy, clientId, tool);
      cache.set(key, found);
    }
    return found;
  };

  /** What enforcing the document and the guards says, whatever the mode. */
  const strictly = (
    facts: CallFacts,
    inForce: PolicyInForce,
    doc: SettingsDoc,
    approved: boolean,
  ): Judgement => {
    // Hidden comes first and answers alike, so that a refused name does not tell whether the tool exists.
    if (facts.definition === undefined)
      return {
        decision: 'hide',
        rule: 'gateway:unlisted',
        reason: reasons.unlisted(facts.server),
        uses: [],
      };
    const judged = evaluate(which(inForce.policy, facts.clientId, facts.tool), facts, counters);
    if (judged.decision === 'deny' || judged.decision === 'hide' || doc.loopGuard === null) return judged;
    const loop = loops.check(facts, doc.loopGuard.max);
    if (loop === undefined) return judged;
    // A person who allowed all of many identical calls at once was asked about exactly this.
    const decision = approved ? 'ask' : loop.decision;
    if (decision === 'ask' && judged.decision === 'ask') return judged;
    const times = loop.decision === 'ask' ? doc.loopGuard.max : 2 * doc.loopGuard.max;
    return {
      decision,
      rule: 'guard:loop',
      reason: reasons.loop(facts.tool, times),
      freeAt: loop.freeAt,
      uses: decision === 'ask' ? judged.uses : [],
    };
  };

  const versionOf = (inForce: PolicyInForce, mode: EffectiveMode, doc: SettingsDoc) =>
    `${inForce.version}/${mode.mode}/${doc.loopGuard?.max ?? 'off'}`;

  /**
   * The last judgement, while nothing else can have happened: a call that is allowed is reserved right after, and
   * judging it twice is the larger part of what judging costs.
   */
  let last: Judged | undefined;
  let forgetting = false;
  const remember = (judged: Judged) => {
    last = judged;
    if (forgetting) return;
    forgetting = true;
    queueMicrotask(() => {
      forgetting = false;
      last = undefined;
    });
  };

  const judgeWith = (
    facts: CallFacts,
    doc: SettingsDoc,
    inForce: PolicyInForce,
    approved: boolean,
  ): Pick<Judged, 'verdict' | 'judged' | 'mode'> => {
    const mode = effectiveMode(doc, facts.server, inForce.source, clock.now());
    const policyVersion = versionOf(inForce, mode, doc);
    const refusal = flatRefusal(facts, doc, mode, clock.now());
    if (refusal !== undefined)
      return {
        verdict: { decision: 'deny', ...refusal, policyVersion },
        judged: { decision: 'deny', ...refusal, uses: [] },
        mode,
      };
    const judged = strictly(facts, inForce, doc, approved);
    const block = facts.definition?.block;
    // Observe tries a policy out; whether a definition was reviewed is not part of the policy.
    if (
      block !== undefined &&
      (mode.mode === 'observe' || (mode.mode === 'bypass' && block.rule === IN_EVERY_MODE))
    )
      return {
        verdict: { decision: 'deny', rule: block.rule, reason: block.reason, policyVersion },
        judged,
        mode,
      };
    const { decision, rule, reason, freeAt, fields, byArguments } = judged;
    if (mode.mode === 'enforce' || decision === 'allow') {
      const verdict: Verdict = { decision, rule, reason, policyVersion };
      if (freeAt === undefined && fields === undefined && !byArguments) return { verdict, judged, mode };
      const more = {
        ...(freeAt === undefined ? {} : { freeAt }),
        ...(fields === undefined ? {} : { fields }),
        ...(byArguments ? { byArguments } : {}),
      };
      return { verdict: { ...verdict, ...more }, judged, mode };
    }
    const verdict: Verdict = {
      decision: 'allow',
      rule: `mode:${mode.mode}`,
      reason: mode.reason,
      policyVersion,
      would: { decision, rule, reason },
    };
    return { verdict, judged, mode };
  };

  const failed = (error: unknown): Verdict => {
    log('error', 'A call could not be judged and was denied', error);
    return {
      decision: 'deny',
      rule: 'gateway:error',
      reason: reasons.failed,
      policyVersion: 'error',
    };
  };

  /** Counts a forwarded call on the loop guard and, with `uses`, on its counters. */
  const reservation = (facts: CallFacts, taken: Reservation): Reservation => {
    const uncount = loops.count(facts);
    return {
      release() {
        uncount();
        taken.release();
      },
    };
  };

  return {
    judge(facts, approved = false) {
      try {
        const doc = settings.get();
        const inForce = store.lookup(facts.server);
        const made = judgeWith(facts, doc, inForce, approved);
        remember({ facts, doc, inForce, approved, ...made });
        return made.verdict;
      } catch (error) {
        return failed(error);
      }
    },
    reserve(facts, approved) {
      try {
        const doc = settings.get();
        const inForce = store.lookup(facts.server);
        const known =
          last?.facts === facts && last.doc === doc && last.inForce === inForce && last.approved === approved
            ? last
            : undefined;
        last = undefined;
        const { verdict, judged, mode } = known ?? judgeWith(facts, doc, inForce, approved);
        const passes = verdict.decision === 'allow' || (verdict.decision === 'ask' && approved);
        if (!passes) return { ok: false, verdict };
        // Where nothing is enforced, only what enforcing would have let through is counted.
        const counts = mode.mode === 'enforce' || judged.decision === 'allow' || judged.decision === 'ask';
        const taken = counters.take(counts ? judged.uses : []);
        // Nothing runs between judging and taking, so there was room; the counters have the last word all the same.
        if (!taken.ok) throw new Error('a counter was full that had room a moment ago');
        return { ok: true, verdict, reservation: reservation(facts, taken.reservation) };
      } catch (error) {
        return { ok: false, verdict: failed(error) };
      }
    },
    lists(clientId, server, tool, block) {
      const inForce = store.lookup(server);
      const { mode } = effectiveMode(settings.get(), server, inForce.source, clock.now());
      if (block !== undefined && (mode !== 'bypass' || block.rule === IN_EVERY_MODE)) return false;
      if (mode === 'observe' || mode === 'bypass') return true;
      const { hidden, entry } = which(inForce.policy, clientId, tool);
      return hidden === null && entry?.action !== 'hide';
    },
    describe(server, tool, _risk) {
      return describeTool(store.lookup(server).policy, tool);
    },
  };
}
