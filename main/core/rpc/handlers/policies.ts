import { createTwoFilesPatch } from 'diff';
import type { policyCalls } from '../../../../shared/contract/policy.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import type { HandlersOf } from '../../../../shared/rpc/server.ts';
import { diffNames, refusals } from '../../../../shared/text/core/rpc.ts';
import type { CoreParts } from '../../parts.ts';
import { setTool } from '../../policy/documents/edit.ts';
import { checkPolicy } from '../../policy/language/check.ts';
import { explainPolicy } from '../../policy/language/explain.ts';
import { recommendPolicy } from '../../risk/recommend.ts';
import { mustHaveServer } from './known.ts';
import type { TrialCalls } from './policy-trials.ts';

/** Answers the calls about policies in force. */
export function policyHandlers(parts: CoreParts): HandlersOf<Omit<typeof policyCalls, TrialCalls>> {
  const { policies, catalogue } = parts;
  const mustExist = (server: string): void => mustHaveServer(parts, server);
  return {
    'policy.get': ({ server }) => {
      mustExist(server);
      const text = policies.text(server);
      return { text, state: policies.state(server), sentences: explainPolicy(text) };
    },
    'policy.set': ({ server, text, basedOn }) => {
      mustExist(server);
      if (basedOn !== undefined && policies.state(server).version !== basedOn)
        throw new RpcError('conflict', refusals.policyChanged(server), refusals.lookAgain);
      return policies.set(server, text);
    },
    'policy.check': ({ text, server }) => {
      if (server === undefined) return checkPolicy(text);
      mustExist(server);
      const listed = (catalogue.list(server) ?? []).map(({ name, definition }) => ({
        name,
        inputSchema: definition.inputSchema,
      }));
      return checkPolicy(text, listed);
    },
    'policy.setTool': ({ server, tools, action, limit }) => {
      mustExist(server);
      const listed = catalogue.list(server);
      const unknown = tools.find((tool) => !listed?.some((entry) => entry.name === tool));
      if (unknown !== undefined)
        throw new RpcError('not_found', refusals.noTool(server, unknown), refusals.listAgain);
      // Without a policy of its own, the table shows the recommended rules: they are what the click changes.
      return policies.set(server, setTool(policies.text(server), tools, { action, limit }, server));
    },
    'policy.recommend': ({ server, strict }) => {
      mustExist(server);
      const tools = catalogue.list(server);
      if (!tools) throw new RpcError('refused', refusals.toolsUnknown(server), refusals.listFirst(server));
      const text = recommendPolicy(tools, { strict });
      const now = policies.state(server).source === 'file' ? policies.text(server) : '';
      return {
        text,
        diff: createTwoFilesPatch(diffNames.inForce, diffNames.recommended, now, text),
        sentences: explainPolicy(text),
      };
    },
  };
}
