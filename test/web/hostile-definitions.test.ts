import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { DiffPart } from '../../shared/schemas/pin.ts';
import { visibleText } from '../../shared/text/untrusted.ts';
import type { UiCore } from '../fakes/ui/ui-core.ts';
import { pin, risk, tool } from '../fakes/ui/ui-data.ts';
import { blockTool, definitionChange, NEW_HASH, pinHistory } from '../fakes/ui/ui-pins.ts';
import { startKit } from './kit.ts';

/** What a hostile server can write into a definition, at every place a person looks at one. */

interface Vector {
  id: string;
  group: string;
  threat: string;
  frame?: { params?: { arguments?: { cmd?: string } } };
}
const { vectors } = JSON.parse(
  readFileSync(new URL('../fixtures/attack_vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };
/** The texts of the vectors that hide something from the person who reads them, and some that only a definition can hold. */
const texts: [string, string][] = [
  ...vectors
    .filter(({ group }) => group === 'approval_render')
    .flatMap(({ id, threat, frame }): [string, string][] => {
      const text = frame?.params?.arguments?.cmd;
      return text === undefined ? [] : [[`${id} ${threat}`, text]];
    }),
  [
    'df-06 live svg',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>',
  ],
  ['df-06 data icon', '![x](data:image/svg+xml,<svg onload=alert(1)>) <img src="http://127.0.0.1:1/t.png">'],
  [
    'tag characters',
    `Reads a file.${[...'ignore all'].map((c) => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join('')}`,
  ],
  ['variation selectors', 'a\ufe00\u{e0100}b'],
  ['lone surrogate', 'a\ud800b'],
];
const NAME = '<b>safe</b>\u202egpj\nRisk: Low';
const SHOWN = '<b>safe</b>U+202EgpjU+000ARisk: Low';
/** A server's name is part of an address: it holds neither a slash nor a control character. */
const SERVER = '<b>safe<b>\u202egpj';
const kit = startKit();

/** Nothing ran, nothing was asked of the network, and no element was made from data. */
async function isInert(page: Page, complaints: string[]): Promise<void> {
  expect(complaints).toEqual([]);
  expect(
    await page.locator('main img, main script, main b, [role=dialog] img, [role=dialog] b').count(),
  ).toBe(0);
  // Our own icons say that they are for nobody's ears; an svg from data would not.
  expect(await page.locator('svg:not([aria-hidden=true]):not([role=img])').count()).toBe(0);
  const everything = await page.evaluate(
    () => document.body.textContent + document.documentElement.outerHTML,
  );
  expect(everything.search(/[\u202a-\u202e\u2066-\u2069\u200b-\u200d]|\u{e0069}/u)).toBe(-1);
}
const watchRequests = (page: Page, origin: string): string[] => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) foreign.push(request.url());
  });
  return foreign;
};
const textsOf = (page: Page, selector: string): Promise<(string | null)[]> =>
  page.locator(selector).evaluateAll((all) => all.map((element) => element.textContent));

it('has the vectors', () => {
  expect(texts.length).toBeGreaterThanOrEqual(12);
});

describe('a definition that wants to deceive', () => {
  it.each(texts)('%s: whole and escaped in the table, the detail and the review', async (_name, text) => {
    const { page, core, complaints, context, origin } = await kit.open('routed', '/');
    const foreign = watchRequests(page, origin);
    const definition = {
      title: text,
      description: text,
      inputSchema: { type: 'object', properties: { x: { type: 'string', description: text } }, icons: text },
      outputSchema: { type: 'object', description: text },
      annotations: { title: text, readOnlyHint: true },
    };
    core.tools.set('filesystem', [tool('sync', { ...definition, risk: risk('Read', { reasons: [text] }) })]);
    const parts: DiffPart[] = [
      { kind: 'same', text },
      { kind: 'removed', text },
      { kind: 'added', text },
    ];
    const fields = [{ path: `inputSchema.properties.${text}`, parts }];
    const change = definitionChange(Date.now(), { reasons: [text], fields });
    const blocked = pin({ state: 'blocked', hash: NEW_HASH, versions: 3, reasons: [text] });
    blockTool(core, 'filesystem', 'sync', pinHistory(Date.now(), { review: change, pin: blocked }));
    core.patch({
      servers: core.state.servers.map((each) => ({ ...each, quarantine: text })),
    });
    await page.evaluate(() => {
      location.hash = '/servers/filesystem';
    });
    const block = { multiline: true };
    const line = visibleText(text);
    await page.getByRole('button', { name: 'Show sync' }).click();
    await page.getByRole('complementary').waitFor();
    expect(await textsOf(page, 'aside [data-definition]')).toEqual([
      visibleText(text, block),
      visibleText(text, block),
      visibleText(JSON.stringify(definition.inputSchema, null, 2), block),
      visibleText(JSON.stringify(definition.outputSchema, null, 2), block),
      visibleText(JSON.stringify(definition.annotations, null, 2), block),
    ]);
    expect(await textsOf(page, 'aside li')).toEqual([line, line]);
    expect(await textsOf(page, '[role=table] p')).toEqual([line]);
    expect(await page.getByRole('alert').first().textContent()).toContain(line);
    await isInert(page, complaints);

    await page.getByRole('complementary').getByRole('button', { name: 'Review' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('ins').first().waitFor();
    expect(await textsOf(page, '[role=dialog] [data-part]')).toEqual(
      parts.map((part) => visibleText(part.text, block)),
    );
    expect(await dialog.locator('h4').first().textContent()).toBe(
      visibleText(`inputSchema.properties.${text}`),
    );
    await dialog.getByText('The whole definition now').click();
    expect(await dialog.locator('[data-definition]').nth(1).textContent()).toBe(visibleText(text, block));
    // Nothing is beyond the edge: it wraps, and scrolls downwards only.
    const beyond = await dialog
      .locator('[data-definition], ins, del')
      .evaluateAll(
        (all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).length,
      );
    expect(beyond).toBe(0);
    await isInert(page, complaints);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('ap-toolname: a name is escaped in the table, the pane, the dialog, the palette and what is said', async () => {
    const { page, core, complaints, context } = await kit.open('routed', '/servers/filesystem');
    await page.getByText('read_file', { exact: true }).waitFor();
    const hash = 'sha256:d3';
    const named = (state: 'blocked' | 'reviewed') => [
      tool(NAME, { title: NAME, pin: pin({ state, hash, versions: 2 }), explain: `${NAME} is allowed.` }),
    ];
    core.tools.set('filesystem', named('blocked'));
    core.pins.set(`filesystem/${NAME}`, pinHistory(Date.now()));
    core.patch({
      servers: [
        ...core.state.servers.map((each) =>
          each.name === 'filesystem' ? { ...each, blockedTools: 1 } : each,
        ),
        { ...(core.state.servers[0] as UiCore['state']['servers'][0]), name: SERVER, blockedTools: 2 },
      ],
    });
    await page.getByRole('button', { name: `Show ${SHOWN}` }).click();
    expect(await page.getByRole('complementary').getByRole('heading', { level: 2 }).textContent()).toBe(
      SHOWN,
    );
    await isInert(page, complaints);
    await page.getByRole('complementary').getByRole('button', { name: 'Review' }).click();
    await page
      .getByRole('dialog', { name: `Review ${SHOWN}` })
      .locator('ins')
      .first()
      .waitFor();
    await page.locator('button:not([disabled])', { hasText: 'Accept this definition' }).click();
    await page.getByText(`The definition of ${SHOWN} is accepted.`).first().waitFor();
    await isInert(page, complaints);
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Review 2 changed tools: <b>safe<b>U+202Egpj' }).waitFor();
    await isInert(page, complaints);
    await context.close();
  });
});

it('a table of 1 300 tools filters, scrolls and opens without a stall', async () => {
  const { page, core, context } = await kit.open('routed', '/');
  core.tools.set(
    'github',
    Array.from({ length: 1300 }, (_, at) =>
      tool(`tool_${at}`, {
        description: `Number ${at}. ${'What it does, at some length. '.repeat(20)}`,
        inputSchema: {
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, { type: 'string' }])),
        },
        pin: pin(at % 100 === 7 ? { state: 'blocked', reasons: ['It takes a new argument.'] } : {}),
      }),
    ),
  );
  await page.evaluate(() => {
    location.hash = '/servers/github';
  });
  await page.getByText('tool_0', { exact: true }).waitFor();
  // The time the page itself was busy, step by step: that of other processes on a full machine is not in it.
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const spent: Record<string, number> = {};
  const step = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    const before = await busy();
    await run();
    spent[name] = Math.round((await busy()) - before);
  };
  const filter = page.getByRole('searchbox', { name: 'Filter tools' });
  await step('eight keys', async () => {
    await filter.pressSequentially('tool_129', { delay: 20 });
    await page.getByText('11 of 1\u202f300 tools').waitFor();
  });
  await step('the whole list again', async () => {
    await filter.fill('');
    await page.getByText('1\u202f300 tools', { exact: true }).waitFor();
  });
  const list = page.locator('[role=rowgroup][tabindex]');
  await step('a second of scrolling', async () => {
    for (let frame = 1; frame <= 60; frame++)
      await list.evaluate((element, to) => {
        element.scrollTop = to;
        return new Promise((done) => requestAnimationFrame(done));
      }, frame * 96);
  });
  await step('those that wait', async () => {
    await page.getByLabel('Definition').selectOption({ label: 'Waiting for review (13)' });
    await page.getByText('13 of 1\u202f300 tools').waitFor();
  });
  await step('one tool', async () => {
    await page.getByRole('button', { name: 'Show tool_107' }).click();
    await page.getByRole('complementary').waitFor();
  });
  console.log(`1 300 tools, ms of work of the page: ${JSON.stringify(spent)}`);
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  // On a quiet machine each is well under half of this; with every row drawn, each is several times as much.
  for (const ms of Object.values(spent)) expect(ms).toBeLessThan(4000);
  await context.close();
});
