import { expect, test } from 'vitest';
import { toolOf } from '../../../../main/core/gateway/aggregate/find-owner.ts';
import type { Member } from '../../../../main/core/gateway/aggregate/member.ts';
import { exposedName } from '../../../../main/core/gateway/aggregate/names.ts';
import { RISK } from '../../../fakes/gateway-parts.ts';

/** Whose tool an exposed name is. */

const member = { server: 'files' } as Member;
const listing = (...names: string[]) => ({
  list: () =>
    names.map((name) => ({
      name,
      title: null,
      description: null,
      definition: { name },
      hash: '',
      risk: RISK,
    })),
});

test('a tool that is listed twice is one tool', async () => {
  const exposed = exposedName('files', 'echo');
  expect(await toolOf(member, exposed, listing('echo', 'other', 'echo'))).toBe('echo');
});
