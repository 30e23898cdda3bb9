import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import { checkPolicy } from '../../../core/policy/check.ts';
import { classify } from '../../../core/risk/classify.ts';
import type { Command } from '../command.ts';

export const policyCommands: Record<string, Command> = {
  'policy get': {
    usage: 'policy get SERVER',
    summary: 'Print the policy document of a server.',
    words: [1, 1],
    async run(context) {
      const policy = await (await context.core()).call('policy.get', { server: context.words[0] as string });
      context.print(policy, () => policy.text);
      return 0;
    },
  },
  'policy set': {
    usage: 'policy set SERVER FILE',
    summary: 'Put a policy document in force (FILE may be - for standard input).',
    words: [2, 2],
    async run(context) {
      const [server, file] = context.words as [string, string];
      const document = await readText(file);
      const state = await (await context.core()).call('policy.set', { server, text: document });
      context.print(state, () => `In force for ${server}: version ${state.version}.`);
      return 0;
    },
  },
  'policy check': {
    usage: 'policy check FILE',
    summary: 'Check a policy document and say in sentences what it does.',
    words: [1, 1],
    async run(context) {
      const file = context.words[0] as string;
      const result = checkPolicy(await readText(file));
      context.print(result, () =>
        [
          ...result.problems.map(
            (p) => `${p.path || '/'}: ${p.message}${p.suggestion ? ` (${p.suggestion})` : ''}`,
          ),
          ...result.warnings.map((w) => `${w.path || '/'}: note: ${w.message}`),
          ...result.sentences,
        ].join('\n'),
      );
      return result.ok ? 0 : 1;
    },
  },
  'policy recommend': {
    usage: 'policy recommend SERVER [--strict]',
    summary: 'Print the recommended policy for the tools a server lists. Nothing is changed.',
    words: [1, 1],
    options: { strict: { type: 'boolean' } },
    async run(context) {
      const core = await context.core();
      const server = context.words[0] as string;
      const { servers } = await core.call('core.state', {});
      if (servers.find(({ name }) => name === server)?.toolCount === null)
        await core.call('servers.refresh', { name: server });
      const result = await core.call('policy.recommend', { server, strict: context.options.strict === true });
      context.print(result, () => result.text);
      return 0;
    },
  },
  classify: {
    usage: 'classify FILE',
    summary: 'Classify a JSON list of tool definitions by risk, one line of JSON each.',
    words: [1, 1],
    async run(context) {
      const file = context.words[0] as string;
      let list: unknown;
      try {
        list = JSON.parse(await readText(file));
      } catch (error) {
        throw new RpcError('bad_input', `${file} is not JSON: ${(error as Error).message}`);
      }
      if (!Array.isArray(list)) throw new RpcError('bad_input', `${file} must hold a JSON list of tools.`);
      const lines = list.map((tool: Record<string, unknown> | null, index) => {
        if (typeof tool?.name !== 'string')
          throw new RpcError(
            'bad_input',
            `${file}: item ${index} has no name.`,
            'Each item needs at least {"name": …}.',
          );
        return JSON.stringify({ name: tool.name, ...classify({ ...tool, name: tool.name }) });
      });
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      return 0;
    },
  },
};

async function readText(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new RpcError('bad_input', `${file} cannot be read: ${(error as Error).message}`);
  }
}
