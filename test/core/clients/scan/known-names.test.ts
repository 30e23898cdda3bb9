import { expect, test } from 'vitest';
import { CLIENTS } from '../../../../main/core/clients/table/index.ts';
import { SOME_CLIENTS } from '../../../../shared/text/en/clients.ts';

test('the clients that the interface names as examples are looked for', () => {
  const known = CLIENTS.map(({ name }) => name);
  expect(SOME_CLIENTS.length).toBeGreaterThan(2);
  for (const name of SOME_CLIENTS) expect(known).toContain(name);
});
