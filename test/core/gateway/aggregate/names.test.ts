import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  joinCursors,
  type Place,
  placeAfter,
  splitCursor,
} from '../../../../main/core/gateway/aggregate/cursor.ts';
import { exposedName, serverPart, serverPartOf } from '../../../../main/core/gateway/aggregate/names.ts';

describe('names at the aggregated endpoint', () => {
  test('plain names are read at a glance', () => {
    expect(exposedName('github', 'create_issue')).toBe('github__create_issue');
    expect(exposedName('my-files', 'readFile')).toBe('my-files__readFile');
  });

  test('the same two parts, cut elsewhere, are two names (vector tn-sep-1)', () => {
    const one = exposedName('a', 'b__c');
    const other = exposedName('a__b', 'c');
    expect(one).not.toBe(other);
    expect(serverPartOf(one)).toBe(serverPart('a'));
    expect(serverPartOf(other)).toBe(serverPart('a__b'));
    expect(serverPart('a__b')).not.toBe(serverPart('a_b'));
  });

  test('every name is short, plain, and leads back to its server', () => {
    const server = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$/);
    fc.assert(
      fc.property(server, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 140 }), (name, tool) => {
        const exposed = exposedName(name, tool);
        expect(exposed.length).toBeLessThanOrEqual(60);
        expect(exposed).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(serverPartOf(exposed)).toBe(serverPart(name));
      }),
    );
  });

  test('different tools of a server have different names', () => {
    const long = 'x'.repeat(70);
    const names = [`${long}a`, `${long}b`, 'a b', 'a_b', 'a.b', '_a', '__a', 'a'].map((tool) =>
      exposedName('s', tool),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('cursors', () => {
  test('come back as they were', () => {
    const cursors = new Map([
      ['a', { cursor: 'page 2', before: [] }],
      ['b', { cursor: '{"x":"é"}', before: ['abcdefgh', '12345678'] }],
    ]);
    expect(splitCursor(joinCursors(cursors) as string)).toEqual(cursors);
    expect(joinCursors(new Map())).toBeUndefined();
  });

  test('a list ends as it does for every reader: no cursor, one that names no page, one that was there before', () => {
    const walk = (...cursors: unknown[]): (string | undefined)[] => {
      let place: Place | undefined;
      return cursors.map((next) => {
        place = placeAfter(place, next);
        return place?.cursor;
      });
    };
    expect(walk('a', 'b', 'c', undefined)).toEqual(['a', 'b', 'c', undefined]);
    for (const none of ['', null, 7, {}, undefined]) expect(walk('a', none)).toEqual(['a', undefined]);
    expect(walk('a', 'a')).toEqual(['a', undefined]);
    expect(walk('a', 'b', 'c', 'a')).toEqual(['a', 'b', 'c', undefined]);
    const endless = walk(...Array.from({ length: 300 }, (_, at) => `c${at}`));
    expect(endless.indexOf(undefined)).toBe(199);
  });

  test.each(['', 'x', '!!', 'bnVsbA', 'W10', 'WzFd', Buffer.from('[["a",1]]').toString('base64url')])(
    'what is not ours is refused: %j',
    (cursor) => expect(splitCursor(cursor)).toBeUndefined(),
  );
});
