import { expect, test } from 'vitest';
import { CLIENTS } from '../../../main/core/clients/table/index.ts';
import { KNOWN_CLIENTS } from '../../../shared/text/en/clients.ts';

test('the interface names every client that is looked for, and no other', () => {
  expect(KNOWN_CLIENTS.split(/, | and /).sort()).toEqual(CLIENTS.map(({ name }) => name).sort());
});
