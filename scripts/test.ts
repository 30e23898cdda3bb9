/**
 * `npm test`: sets up what the tests need, runs every layer, and says how many tests of each ran. Nothing is skipped
 * silently: a layer that cannot run here is named with the reason and counted.
 * `npm test -- L1 L6` runs only those layers.
 */
import { rmSync } from 'node:fs';
import { checks } from './test/checks.ts';
import { type LayerCount, type LayerName, layers, runLayers } from './test/layers.ts';
import { setUp } from './test/set-up.ts';

const started = performance.now();
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-')) as LayerName[];
const unknown = wanted.find((name) => name !== 'L0' && !layers.some((layer) => layer.name === name));
if (unknown) {
  console.error(`No layer is called ${unknown}. Layers: L0, ${layers.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = layers.filter((layer) => wanted.length === 0 || wanted.includes(layer.name));

const counts: LayerCount[] = [];
if (wanted.length === 0 || wanted.includes('L0')) counts.push(await checks());
const absent = await setUp(chosen);
// Old results must never pass for new ones.
rmSync('test-results', { recursive: true, force: true });
counts.push(...(await runLayers(chosen, absent)));

console.log('\nLayer    passed  failed  skipped');
for (const { name, title, passed, failed, skipped, note } of counts)
  console.log(
    `${name.padEnd(8)} ${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${String(skipped).padStart(7)}  ${title}${note ? ` — ${note}` : ''}`,
  );
const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
  counts.reduce((total, layer) => total + layer[key], 0);
console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 || counts.some((layer) => layer.broken) ? 1 : 0;
