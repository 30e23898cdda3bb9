import { expect, test } from 'vitest';
import { CLIENTS } from '../../../main/core/clients/table/index.ts';
import { SOME_CLIENTS } from '../../../shared/text/en/clients.ts';

test('the clients that the interface names are looked for', () => {
  const names = CLIENTS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...SOME_CLIENTS]));
});
