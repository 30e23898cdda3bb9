import { randomUUID } from 'node:crypto';
import { node } from '../kit.ts';
import { MODEL, type Step } from './model/stand-in-model.ts';
import { type Check, output, type Place } from './program.ts';
import { TOOL_SECONDS } from './told.ts';
import { usualWith } from './usual.ts';

export const PROMPT = 'Call the tools.';
const answered = (server: string): RegExp => new RegExp(`^${server}: its tool answered$`, 'm');

/**
 * Clients that have no check of their own and reach their servers when a model calls a tool: they are given a prompt and the
 * stand-in model.
 */
export const AGENTS: readonly Check[] = [
  {
    // It can also list its servers, which opens a connection to each and asks for nothing.
    id: 'qwen-code',
    program: 'qwen-code',
    file: '.qwen/settings.json',
    // By itself it declares tools of servers only after a search for them.
    write: (servers) =>
      usualWith(servers, { timeout: TOOL_SECONDS * 1000 }).replace(
        '{\n',
        '{\n  // kept\n  "tools": { "toolSearch": { "enabled": false } },\n  "privacy": { "usageStatisticsEnabled": false },\n',
      ),
    async run(program, place) {
      const listed = await output(place, program, ['mcp', 'list']);
      for (const server of ['everything', 'files'])
        if (!new RegExp(`^✓ ${server}: .* - Connected$`, 'm').test(listed)) return listed;
      return converse(this, program, place);
    },
    talk: (program, place) =>
      output(place, program, [PROMPT, '--approval-mode', 'yolo', '--auth-type', 'openai'], {
        OPENAI_API_KEY: 'none',
        OPENAI_BASE_URL: place.model.url,
        OPENAI_MODEL: MODEL,
      }),
    connected: answered,
    calls: true,
  },
  {
    id: 'copilot-cli',
    program: 'copilot-cli',
    file: '.copilot/mcp-config.json',
    write: (servers) =>
      `${JSON.stringify({ mcpServers: Object.fromEntries(servers.map(({ name, args }) => [name, { type: 'local', command: node, args, tools: ['*'], timeout: TOOL_SECONDS * 1000 }])) }, null, 2)}\n`,
    // Its own switch for a machine without a network; a model of one's own needs no account.
    run(program, place) {
      return converse(this, program, place);
    },
    talk: (program, place) =>
      output(place, program, ['-p', PROMPT, '--allow-all-tools'], {
        COPILOT_OFFLINE: 'true',
        COPILOT_PROVIDER_BASE_URL: place.model.url,
        COPILOT_MODEL: MODEL,
      }),
    connected: answered,
    calls: true,
  },
  {
    id: 'cline',
    program: 'cline',
    file: '.cline/data/settings/cline_mcp_settings.json',
    // As its own command writes entries.
    write: (servers) => {
      const entries = servers.map(({ name, args }) => [
        name,
        { transport: { type: 'stdio', command: node, args }, timeout: 60 },
      ]);
      return `${JSON.stringify({ mcpServers: Object.fromEntries(entries) }, null, 2)}\n`;
    },
    async prepare(program, place) {
      place.home.write(
        '.cline/data/settings/global-settings.json',
        JSON.stringify({ telemetryOptOut: true, autoUpdateEnabled: false }),
      );
      const words = ['auth', '-p', 'openai-compatible', '-k', 'none', '-m', MODEL, '-b', place.model.url];
      await output(place, program, words, CLINE);
    },
    run(program, place) {
      return converse(this, program, place);
    },
    talk: (program, place) => output(place, program, ['-P', 'openai-compatible', '-m', MODEL, PROMPT], CLINE),
    connected: answered,
    calls: true,
  },
  {
    id: 'continue',
    program: 'continue',
    file: '.continue/config.yaml',
    write: (servers, model) => `# kept
name: Mine
version: 1.0.0
schema: v1
models:
  - name: Stand-in
    provider: openai
    model: ${MODEL}
    apiBase: ${model}
    apiKey: none
    roles: [chat]
    capabilities: [tool_use]
mcpServers:
${servers.map(({ name, args }) => `  - name: ${name} # kept as well\n    command: ${node}\n    args:\n${args.map((word) => `      - ${word}\n`).join('')}`).join('')}`,
    run(program, place) {
      return converse(this, program, place);
    },
    talk: (program, place) =>
      output(place, program, ['-p', PROMPT, '--auto'], { CONTINUE_METRICS_ENABLED: '0' }),
    connected: answered,
    calls: true,
  },
];

/** No update, and no daemon that outlives the run. */
const CLINE = { CLINE_NO_AUTO_UPDATE: '1', CLINE_SESSION_BACKEND_MODE: 'local' };

/** One conversation in which the model calls a tool of each server and says what came back. */
async function converse(check: Check, program: string, place: Place): Promise<string> {
  // Words the program cannot know from anywhere else.
  const [said, kept] = [randomUUID(), randomUUID()];
  const path = place.home.write('shared/kept.txt', kept);
  const steps: (Step & { readonly answer: string })[] = [
    { name: 'everything', tool: 'echo', args: { message: said }, answer: `Echo: ${said}` },
    { name: 'files', tool: 'read_text_file', args: { path }, answer: kept },
  ];
  place.model.play(steps);
  const text = (await check.talk?.(program, place)) ?? '';
  const lines = steps.map(({ name, answer }) => {
    if (text.includes(answer)) return `${name}: its tool answered`;
    return `${name}: no answer. The model was asked:\n${place.model.requests().join('\n')}\nThe program said:\n${text}`;
  });
  return lines.join('\n');
}
