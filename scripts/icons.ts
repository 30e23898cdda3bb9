/** Draws the app's icons into build/ with Chromium: `node scripts/icons.ts`. Run by hand when the drawing changes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

type TrayState = 'idle' | 'waiting' | 'raised' | 'problem';
const states: TrayState[] = ['idle', 'waiting', 'raised', 'problem'];
const build = resolve(import.meta.dirname, '..', 'build');

const TOWERS = 'M4 9h1.5v1.5h2V9H9v17H4zM23 9h1.5v1.5h2V9H28v17h-5z';
/** Lowered: a deck that hangs on two chains. Raised: its two leaves stand up, and there is no way across. */
const DECK = { lowered: 'M9 23h14M9 13l6 9.5M23 13l-6 9.5', raised: 'M9.5 24 15 11.5M22.5 24 17 11.5' };
/** State is told by shape first: a flat or a lifted deck, a round or a pointed mark. Colour only repeats it. */
const MARKS: Record<TrayState, (solid: string | null) => string> = {
  idle: () => '',
  raised: () => '',
  waiting: (solid) => mark(`<circle cx="24.5" cy="7.5" r="6.5" fill="${solid ?? '#f5a524'}"/>`, solid),
  problem: (solid) =>
    mark(
      `<path d="M24.5 .5 31.5 14h-14z" fill="${solid ?? '#e5484d'}" stroke="${solid ?? '#e5484d'}" stroke-width="1.5" stroke-linejoin="round"/>` +
        (solid
          ? ''
          : '<path d="M24.5 5.5v4M24.5 11.800v.2" stroke="#fff" stroke-width="2" stroke-linecap="round"/>'),
      solid,
    ),
};
/** On a coloured tile the mark gets a dark rim; in a template it stands on a hole instead. */
function mark(shape: string, solid: string | null): string {
  return solid ? shape : `<circle cx="24.5" cy="8" r="9" fill="#18191b"/>${shape}`;
}

function drawing(state: TrayState, look: 'tile' | 'template'): string {
  const ink = look === 'tile' ? '#f4f4f5' : '#000';
  const solid = look === 'tile' ? null : '#000';
  const hole = look === 'template' && (state === 'waiting' || state === 'problem');
  const deck = DECK[state === 'raised' ? 'raised' : 'lowered'];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none">
    <mask id="hole"><rect width="32" height="32" fill="#fff"/>${hole ? '<circle cx="24.5" cy="8" r="9" fill="#000"/>' : ''}</mask>
    ${look === 'tile' ? '<rect width="32" height="32" rx="7" fill="#18191b"/>' : ''}
    <path mask="url(#hole)" d="${TOWERS}" fill="${ink}" stroke="${ink}" stroke-linejoin="round"/>
    <path mask="url(#hole)" d="${deck}" stroke="${ink}" stroke-width="2.2" stroke-linecap="round"/>
    ${MARKS[state](solid)}</svg>`;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
async function draw(path: string, size: number, svg: string): Promise<void> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await writeFile(join(build, path), await page.screenshot({ omitBackground: true }));
}
await mkdir(join(build, 'tray'), { recursive: true });
await mkdir(join(build, 'icons'), { recursive: true });
for (const state of states) {
  for (const [look, name] of [
    ['tile', state],
    ['template', `${state}Template`],
  ] as const) {
    await draw(`tray/${name}.png`, 16, drawing(state, look));
    await draw(`tray/${name}@2x.png`, 32, drawing(state, look));
  }
}
for (const size of [16, 32, 48, 64, 128, 256, 512])
  await draw(`icons/${size}x${size}.png`, size, drawing('idle', 'tile'));
await draw('icon.png', 1024, drawing('idle', 'tile'));
await browser.close();
