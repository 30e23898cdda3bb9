import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { type Choice, type LayerName, layers } from './layers.ts';

const WAYS = `npm test                  everything
npm test -- quick         types, lint, boundaries, and the unit tests that are quick
npm test -- L1 L6         layers: L0, ${layers.map(({ name }) => name).join(', ')}
npm test -- PATH…         files or folders of tests, with all that their layers need`;

/** What was asked for makes no sense; the message says what does. */
export class WrongWords extends Error {
  constructor(problem: string) {
    super(`${problem}\n\n${WAYS}`);
  }
}

/** The words after `npm test --`, as layers and paths. `checks`: L0 as well. @throws WrongWords */
export function choose(words: readonly string[]): Choice & { checks: boolean } {
  if (words.length === 0) return { layers, checks: true };
  if (words.includes('quick')) {
    if (words.length > 1) throw new WrongWords('quick stands alone.');
    return { layers: layers.filter(({ quick }) => quick), quick: true, checks: true };
  }
  const named = new Set<LayerName>();
  const paths: { layer: LayerName; path: string }[] = [];
  let checks = false;
  for (const word of words) {
    if (word === 'L0') checks = true;
    else if (layers.some(({ name }) => name === word)) named.add(word as LayerName);
    else paths.push(...placed(word));
  }
  const chosen = layers.filter(({ name }) => named.has(name) || paths.some(({ layer }) => layer === name));
  if (paths.length === 0) return { layers: chosen, checks };
  // vitest takes paths for all projects alike: a layer that is wanted whole is its folder.
  const whole = layers.filter(({ name }) => named.has(name)).map(({ folder }) => `${folder}/`);
  return { layers: chosen, paths: [...whole, ...paths.map(({ path }) => path)], checks };
}

/** A file or folder, in each of the layers that has a part of it. */
function placed(word: string): { layer: LayerName; path: string }[] {
  if (word.startsWith('-')) throw new WrongWords(`There is no option ${word}.`);
  const path = relative('.', resolve(word)).split(sep).join('/');
  if (!existsSync(path))
    throw new WrongWords(`"${word}" is neither a layer nor a file or folder of tests that exists.`);
  if (statSync(path).isFile() && !/\.test\.tsx?$/.test(path))
    throw new WrongWords(`${word} is no file of tests: those end in .test.ts or .test.tsx.`);
  const folder = statSync(path).isDirectory();
  const found = layers.filter(
    (layer) =>
      `${path}/`.startsWith(`${layer.folder}/`) || (folder && `${layer.folder}/`.startsWith(`${path}/`)),
  );
  if (found.length === 0)
    throw new WrongWords(
      `${word} belongs to no layer: their tests are in ${layers.map((layer) => layer.folder).join(', ')}.`,
    );
  return found.map(({ name }) => ({ layer: name, path: folder ? `${path}/` : path }));
}
