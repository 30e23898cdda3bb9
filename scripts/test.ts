/**
 * `npm test`: sets up what the tests need, runs every layer, and says how many tests of each ran. Nothing is skipped
 * silently: a layer that cannot run here is named with the reason and counted.
 * `npm test -- quick`: the checks and the quick unit tests. `npm test -- L1 L6`: only those layers.
 * `npm test -- PATH…`: files and folders of tests. `npm run test:watch [PATH…]`: the quick ones, or these, again and again.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { checks } from './test/checks.ts';
import { choose, WrongWords } from './test/choose.ts';
import { type Choice, type LayerCount, RESULTS, runLayers, vitestWords } from './test/layers.ts';
import { setUp } from './test/set-up.ts';

const words = process.argv.slice(2);
const watching = words[0] === '--watch';
if (watching) words.shift();
try {
  if (watching) await watch(choose(words.length === 0 ? ['quick'] : words));
  else await once(choose(words));
} catch (error) {
  if (!(error instanceof WrongWords)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function once(choice: ReturnType<typeof choose>): Promise<void> {
  const started = performance.now();
  // Old results must never pass for new ones.
  rmSync(RESULTS, { recursive: true, force: true });
  const checking = choice.checks ? checks().then((count) => [count]) : Promise.resolve([]);
  const [absent] = await Promise.all([setUp(choice.layers), choice.quick ? undefined : checking]);
  const counts: LayerCount[] = (
    await Promise.all([checking, choice.layers.length > 0 ? runLayers(choice, absent) : []])
  ).flat();

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
}

/** Gives the terminal to vitest, which runs what a change concerns until it is told to end. */
async function watch(choice: Choice): Promise<void> {
  const absent = await setUp(choice.layers);
  for (const [need, reason] of absent) console.log(`${need} is missing: ${reason}`);
  const child = spawn('vitest', ['watch', ...vitestWords(choice)], { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`vitest could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
