import type { policyCalls } from '../../../../shared/contract/policy.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import type { ActivityDetail } from '../../../../shared/schemas/audit.ts';
import { refusals } from '../../../../shared/text/core/rpc.ts';
import { canonicalDigest } from '../../codec/index.ts';
import type { CoreOptions, CoreParts } from '../../parts.ts';
import { draftRule } from '../../policy/draft/draft-rule.ts';
import { parseArguments } from '../../policy/draft/past-arguments.ts';
import { importPolicy } from '../../policy/import/import-policy.ts';
import { parsePolicy, problemText } from '../../policy/language/parse.ts';
import { simulatePolicy } from '../../policy/simulate/simulate-policy.ts';
import { mustHaveServer } from './known.ts';

/** The calls that are answered here; the others about policies are in policies.ts. */
export type TrialCalls = 'policy.simulate' | 'policy.import' | 'policy.draftRule';

/** Recorded calls that a rule is tried on. */
const TRIED_ON = 500;

/** Policies that are only tried, read or drafted: none of these changes anything. */
export function policyTrialHandlers(
  parts: CoreParts,
  { ports }: CoreOptions,
): HandlersOf<Pick<typeof policyCalls, TrialCalls>> {
  const { policies, catalogue, audit, settings } = parts;
  const mustExist = (server: string): void => mustHaveServer(parts, server);
  return {
    'policy.simulate': ({ server, text, limit }) => {
      mustExist(server);
      const edited = parsePolicy(text);
      if (!edited.ok) throw new RpcError('bad_input', edited.problems.map(problemText).join('\n'));
      return simulatePolicy({
        history: audit.history({ server, limit }),
        before: policies.lookup(server).policy,
        after: edited.policy,
        settings: settings.get(),
        clock: ports.clock,
        log: ports.log,
      });
    },
    'policy.import': ({ text }) => importPolicy(text),
    'policy.draftRule': ({ seq, effect, fields, everyClient }) => {
      const call = audit.detail(seq);
      if (call === undefined) throw new RpcError('not_found', refusals.noRecord(seq));
      const { server, clientId, clientName, rule } = call;
      mustExist(server);
      const { tool, argumentsText } = recorded(call);
      return draftRule({
        server,
        tool,
        caller: { id: clientId, name: clientName },
        everyClient,
        argumentsText,
        effect,
        fields,
        text: policies.text(server),
        rule,
        inputSchema: catalogue.find(server, tool)?.definition.inputSchema,
        history: audit.history({ server, limit: TRIED_ON }),
        redacted: canonicalDigest(argumentsText) !== call.argumentsDigest,
      });
    },
  };
}

/** The tool and arguments of a recorded call, where both are there. */
function recorded({ seq, method, tool, argumentsText }: ActivityDetail): {
  tool: string;
  argumentsText: string;
} {
  if (method !== 'tools/call' || tool === null)
    throw new RpcError('refused', refusals.notOfTool(seq, method));
  const text = argumentsText ?? '{}';
  if (parseArguments(text) === undefined)
    throw new RpcError('refused', refusals.argumentsCut(seq), refusals.ruleByHand);
  return { tool, argumentsText: text };
}
