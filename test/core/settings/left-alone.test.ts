import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../main/core/settings/index.ts';
import { MOST_LEFT_ALONE, markLeftAlone, withLeftAlone } from '../../../main/core/settings/left-alone.ts';
import { SettingsSchema } from '../../../main/core/settings/schema.ts';
import type { LeftAlone } from '../../../shared/schemas/client.ts';
import { client } from '../../fakes/ui/ui-data.ts';

const cursor = client('cursor', 'Cursor', ['linear', 'notion']);
const [linear, notion] = cursor.entries.map(
  ({ file, project, name, target }): LeftAlone => ({ client: 'cursor', file, project, name, target }),
) as [LeftAlone, LeftAlone];
const names = (entries: readonly LeftAlone[]) => entries.map(({ name }) => name);

describe('entries left alone', () => {
  test('are kept once, and offered again when that is said', () => {
    const left = withLeftAlone(withLeftAlone(defaultSettings, [linear], true), [notion, linear], true);
    expect(names(left.leftAlone)).toEqual(['notion', 'linear']);
    expect(withLeftAlone(left, [notion], false).leftAlone).toEqual([linear]);
    // Saying it of one that was never left alone changes nothing.
    expect(withLeftAlone(defaultSettings, [notion], false).leftAlone).toEqual([]);
  });

  test('are the newest where there are too many', () => {
    const many = Array.from({ length: MOST_LEFT_ALONE + 2 }, (_, n) => ({ ...linear, name: `s${n}` }));
    const { leftAlone } = withLeftAlone(defaultSettings, many, true);
    expect(leftAlone).toHaveLength(MOST_LEFT_ALONE);
    expect(leftAlone[0]?.name).toBe('s2');
  });

  test('are marked in what is told of their client, and no others', () => {
    const views = [cursor, client('zed', 'Zed', ['linear'])];
    const [marked, other] = markLeftAlone(views, [linear]);
    expect(marked?.entries).toEqual([{ ...cursor.entries[0], leftAlone: true }, cursor.entries[1]]);
    expect(other).toBe(views[1]);
    expect(markLeftAlone(views, [])).toBe(views);
  });

  test.each([
    ['another target', { target: 'https://other.example/mcp' }],
    ['another file', { file: '/elsewhere.json' }],
    ['another project', { project: '/work/atlas' }],
  ])('are other servers with %s', (_name, change) => {
    const [view] = markLeftAlone([cursor], [{ ...linear, ...change }]);
    expect(view).toBe(cursor);
  });

  test('are none in a settings file of before', () => {
    expect(SettingsSchema.parse({ version: 1, gatewayPort: 4321 })).toMatchObject({
      gatewayPort: 4321,
      leftAlone: [],
    });
  });
});
