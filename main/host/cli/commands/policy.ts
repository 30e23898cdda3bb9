import { text } from 'node:stream/consumers';
import { messageOf } from '../../../../shared/base/message-of.ts';
import { RpcError } from '../../../../shared/rpc/frames.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type Command, type CommandContext, numberOption, stringOption } from '../command.ts';
import { readInput } from '../read-input.ts';
import { clock, plain, table } from '../table.ts';

const t = commandLine.policy;

export const policyCommands: Record<string, Command> = {
  'policy get': {
    ...t.get.help,
    words: [1, 1],
    async run(context) {
      const policy = await (await context.core()).call('policy.get', { server: context.words[0] as string });
      context.print(policy, () => policy.text);
      return 0;
    },
  },
  'policy set': {
    ...t.set.help,
    words: [2, 2],
    async run(context) {
      const [server, file] = context.words as [string, string];
      const document = await readText(file);
      const core = await context.core();
      const state = await core.call('policy.set', { server, text: document });
      const { warnings } = await core.call('policy.check', { server, text: document });
      if (!context.json)
        for (const { path, message } of warnings) tell(context, t.check.warning(path, message));
      context.print(state, () => t.set.inForce(server, state.version));
      return 0;
    },
  },
  'policy copy': {
    ...t.copy.help,
    words: [2, 2],
    async run(context) {
      const [from, to] = context.words as [string, string];
      const core = await context.core();
      const { text: document } = await core.call('policy.get', { server: from });
      const state = await core.call('policy.set', { server: to, text: document });
      context.print(state, () => t.copy.done(from, to));
      return 0;
    },
  },
  'policy check': {
    ...t.check.help,
    words: [1, 1],
    options: { server: { type: 'string' } },
    async run(context) {
      const document = await readText(context.words[0] as string);
      const server = stringOption(context, 'server');
      const { checkPolicy } = await import('../../../core/policy/language/check.ts');
      const result =
        server === undefined
          ? checkPolicy(document)
          : await (await context.core()).call('policy.check', { text: document, server });
      context.print(result, () =>
        [
          ...result.problems.map(({ path, message, suggestion }) =>
            t.check.problem(path, message, suggestion),
          ),
          ...result.warnings.map(({ path, message }) => t.check.warning(path, message)),
          ...result.sentences,
        ].join('\n'),
      );
      return result.ok ? 0 : 1;
    },
  },
  'policy import': {
    ...t.import.help,
    words: [1, 1],
    options: { server: { type: 'string' } },
    async run(context) {
      const { importPolicy } = await import('../../../core/policy/import/import-policy.ts');
      const result = importPolicy(await readText(context.words[0] as string));
      const server = stringOption(context, 'server');
      if (!context.json) {
        for (const { path, message, suggestion } of result.problems)
          tell(context, t.check.problem(path, message, suggestion));
        for (const { path, message } of result.changes) tell(context, t.import.change(path, message));
      }
      if (result.text === null) {
        if (context.json) context.print(result, () => '');
        return 1;
      }
      if (server !== undefined) {
        const state = await (await context.core()).call('policy.set', { server, text: result.text });
        if (!context.json) tell(context, t.set.inForce(server, state.version));
      }
      context.print(result, () => (result.text ?? '').trimEnd());
      return 0;
    },
  },
  'policy simulate': {
    ...t.simulate.help,
    words: [2, 2],
    options: { calls: { type: 'string' } },
    async run(context) {
      const [server, file] = context.words as [string, string];
      const document = await readText(file);
      const limit = numberOption(context, 'calls', 1, 5000) ?? 500;
      const result = await (await context.core()).call('policy.simulate', { server, text: document, limit });
      context.print(result, () => {
        const rows = result.rows.map(({ seq, at, clientName, tool, before, after, unclear }) => [
          String(seq),
          clock(at),
          plain(clientName),
          plain(tool),
          t.simulate.change(before.decision, after.decision, unclear),
          plain(after.reason),
        ]);
        return rows.length === 0 ? result.sentence : `${result.sentence}\n${table(rows, '')}`;
      });
      return 0;
    },
  },
  'policy recommend': {
    ...t.recommend.help,
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
    ...t.classify.help,
    words: [1, 1],
    async run(context) {
      const file = context.words[0] as string;
      // Editors on Windows begin files with a byte order mark.
      const content = (await readText(file)).replace(/^\uFEFF/, '');
      let list: unknown;
      try {
        list = JSON.parse(content);
      } catch (error) {
        throw new RpcError('bad_input', t.classify.notJson(file, messageOf(error)), t.classify.giveList);
      }
      const { classifyList } = await import('../../../core/risk/listing.ts');
      const classified = classifyList(list);
      if ('problem' in classified)
        throw new RpcError('bad_input', `${file}: ${classified.problem}.`, classified.fix);
      void context.output.write(classified.map((tool) => `${JSON.stringify(tool)}\n`).join(''));
      return 0;
    },
  },
};

/** To standard error: standard output has the document alone. */
function tell(context: CommandContext, line: string): void {
  context.output.tell(`${plain(line)}\n`);
}

async function readText(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : readInput(file);
  } catch (error) {
    throw new RpcError('bad_input', t.unreadable(messageOf(error)), t.orPipe);
  }
}
