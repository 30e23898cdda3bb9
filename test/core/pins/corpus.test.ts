import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../main/core/codec/types.ts';
import { hiddenText } from '../../../main/core/pins/hidden-text.ts';
import { instructionsIn } from '../../../main/core/pins/instructions.ts';
import { judgeChange, judgeFirst } from '../../../main/core/pins/judge.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data');
const there = existsSync(join(DATA, 'github_mcp_toolsnaps.json'));
if (!there)
  console.warn(`SKIPPED: the heuristics of pins are not tried on real tools, because ${DATA} is missing`);

interface Labelled {
  readonly id: string;
  readonly label: 'malicious' | 'benign';
  readonly tool?: JsonObject;
  readonly description?: string;
}
const read = (file: string) => JSON.parse(readFileSync(join(DATA, `${file}.json`), 'utf8'));
const labelled = (file: string): Labelled[] => read(file).entries;
const seen = (tool: JsonObject) => hiddenText(tool).length > 0 || instructionsIn(tool).found.length > 0;
const definition = ({ tool, description }: Labelled): JsonObject =>
  tool ?? { name: 'tool', description: description ?? '' };

describe.skipIf(!there)('the words of', () => {
  test('1 084 real tools raise no alarm, at first sight or when they are added', () => {
    const real: JsonObject[] = [
      ...read('github_mcp_toolsnaps').tools,
      ...read('policylayer_tool_categories').tools.map((one: JsonObject) => ({
        name: one.tool,
        description: one.description,
      })),
    ];
    expect(real).toHaveLength(1084);
    const alarms = real.filter((tool) => {
      const first = judgeFirst(tool);
      const added = judgeChange(
        { ...tool, description: '', annotations: tool.annotations ?? {} },
        tool,
        'server',
      );
      return (
        first.kinds.length + first.warnings.length > 0 || added.kinds.some((kind) => kind !== 'lowers-risk')
      );
    });
    expect(alarms.map(({ name }) => name)).toEqual([]);
  });

  test('tools labelled malicious and benign are distinguished', () => {
    const all = [...labelled('mcpproxy_detect_corpus_v1'), ...labelled('mcpproxy_security_corpus_v1')];
    const malicious = all.filter(({ label }) => label === 'malicious');
    const benign = all.filter(({ label }) => label === 'benign');
    const missed = malicious.filter((one) => !seen(definition(one))).map(({ id }) => id);
    const alarms = benign.filter((one) => seen(definition(one))).map(({ id }) => id);
    console.info(
      `pins: ${malicious.length - missed.length} of ${malicious.length} malicious found, ${alarms.length} of ${benign.length} benign taken for such`,
    );
    // Two copy the description of another server's tool, which no word of theirs shows.
    expect(missed).toEqual(['sh_collide_transfer', 'sh_collide_send_email']);
    // One reads credentials and says so; one mentions a post-approval payload swap.
    expect(alarms).toEqual(['hn_phrase_return_to_caller', 'hn_rug_pull_02']);
  });
});
