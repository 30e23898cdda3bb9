import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../main/core/codec/types.ts';
import { createPins } from '../../../main/core/pins/index.ts';
import { createToolCatalogue, digestOf } from '../../../main/core/tools/catalogue.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { memoryDatabase } from '../policy/helpers.ts';

const get = { name: 'get_x', description: 'Get x', inputSchema: { type: 'object' } };
const del = { name: 'delete_x', title: 'Delete', inputSchema: { type: 'object' } };

function open(database = memoryDatabase()) {
  const clock = new FakeClock();
  const pins = createPins({ database, clock, note: () => {} });
  const catalogue = createToolCatalogue({ database, clock, pins });
  const changed: string[] = [];
  catalogue.onChange((server) => void changed.push(server));
  return { catalogue, changed, database };
}

describe('the tool catalogue', () => {
  it('keeps the last listing across restarts', () => {
    const { catalogue, database } = open();
    expect(catalogue.list('a')).toBeNull();
    catalogue.replace('a', [get, del]);
    const again = open(database).catalogue;
    expect(
      again.list('a')?.map(({ name, title, description, risk }) => [name, title, description, risk.category]),
    ).toEqual([
      ['get_x', null, 'Get x', 'Read'],
      ['delete_x', 'Delete', null, 'Destructive'],
    ]);
    expect(again.find('a', 'get_x')).toEqual(catalogue.find('a', 'get_x'));
    expect(again.find('b', 'get_x')).toBeUndefined();
  });

  it('tells listeners only of differences', () => {
    const { catalogue, changed, database } = open();
    catalogue.replace('a', []);
    catalogue.replace('a', [get]);
    catalogue.replace('a', [{ ...get, _meta: { seen: 1 } }]);
    expect(changed).toEqual(['a', 'a']);
    expect(catalogue.list('a')).toHaveLength(1);
    const again = open(database);
    again.catalogue.replace('a', [get]);
    expect(again.changed).toEqual([]);
    again.catalogue.replace('a', [{ ...get, description: 'Get y' }]);
    again.catalogue.forget('a');
    again.catalogue.forget('a');
    expect(again.changed).toEqual(['a', 'a']);
    expect(again.catalogue.list('a')).toBeNull();
    expect(open(database).catalogue.list('a')).toBeNull();
  });

  it('never finds a tool on Object.prototype, and takes odd definitions', () => {
    const { catalogue } = open();
    catalogue.replace('a', [
      get,
      { name: 7 },
      {},
      { name: 'get_x', description: 'second' },
      { name: '__proto__' },
    ] as JsonObject[]);
    for (const name of ['toString', 'constructor', '*', ''])
      expect(catalogue.find('a', name)).toBeUndefined();
    expect(catalogue.find('a', '__proto__')?.name).toBe('__proto__');
    expect(catalogue.find('a', 'get_x')?.description).toBe('Get x');
  });

  it('the hash pins what a tool promises, in any order of keys', () => {
    const base = digestOf(get);
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf({ inputSchema: { type: 'object' }, description: 'Get x', name: 'get_x' })).toBe(base);
    expect(digestOf({ ...get, icons: [], _meta: {} })).toBe(base);
    const changes: JsonObject[] = [
      { name: 'b' },
      { title: 'T' },
      { description: 'y' },
      { inputSchema: {} },
      { outputSchema: {} },
      { annotations: { readOnlyHint: true } },
    ];
    const hashes = changes.map((change) => digestOf(Object.assign({}, get, change)));
    expect(new Set([base, ...hashes]).size).toBe(changes.length + 1);
    expect(digestOf({ name: 'a|b', description: 'c' })).not.toBe(digestOf({ name: 'a', description: 'b|c' }));
  });
});
