import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import { createLowlight } from 'lowlight';
import type { Language } from './language.ts';

/** A stretch of a text in one colour. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
}
export type Tone = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'added' | 'removed';

/** Longer texts are shown without colours: reading them is what matters, and finding the colours would take long. */
export const MOST_COLOURED = 40_000;

const TONES: Record<string, Tone> = {
  'hljs-keyword': 'keyword',
  'hljs-operator': 'keyword',
  'hljs-literal': 'number',
  'hljs-number': 'number',
  'hljs-string': 'string',
  'hljs-regexp': 'string',
  'hljs-comment': 'comment',
  'hljs-built_in': 'name',
  'hljs-title': 'name',
  'hljs-type': 'name',
  'hljs-attr': 'name',
  'hljs-variable': 'name',
  'hljs-meta': 'comment',
  'hljs-addition': 'added',
  'hljs-deletion': 'removed',
};
const lowlight = createLowlight({ bash, diff, javascript, json, python, sql });

type Tree = ReturnType<typeof lowlight.highlight>['children'][number];

/** Which parts of a text have which colour, in order, without overlap. The text itself is not touched. */
export function coloursOf(text: string, language: Language): Stretch[] {
  if (text.length > MOST_COLOURED) return [];
  const stretches: Stretch[] = [];
  let at = 0;
  const walk = (node: Tree, tone: Tone | undefined): void => {
    if (node.type === 'text') {
      if (tone) stretches.push({ from: at, to: at + node.value.length, tone });
      at += node.value.length;
    } else if (node.type === 'element') {
      const names = (node.properties.className as string[] | undefined) ?? [];
      const own = names.map((name) => TONES[name]).find(Boolean);
      for (const child of node.children) walk(child as Tree, own ?? tone);
    }
  };
  for (const child of lowlight.highlight(language, text).children) walk(child, undefined);
  // Colours that do not fit the text would colour something else.
  return at === text.length ? stretches : [];
}
