import { expect, test } from 'vitest';
import { sentence, sentences } from '../../../shared/text/sentences.ts';

test('each but the last is ended, one space between, nothing for what is not there', () => {
  expect(
    sentences(
      'The server ended',
      ' Its last lines: the input device is not a TTY',
      '',
      undefined,
      'It had not answered.',
    ),
  ).toBe('The server ended. Its last lines: the input device is not a TTY. It had not answered.');
  expect(sentences('One.', 'Two?', '"Three."', 'four')).toBe('One. Two? "Three." four');
  expect(sentences()).toBe('');
});

test('a sentence ends once', () => {
  expect(['a', 'a.', 'a? ', 'a "b."', ''].map(sentence)).toEqual(['a.', 'a.', 'a?', 'a "b."', '']);
});
