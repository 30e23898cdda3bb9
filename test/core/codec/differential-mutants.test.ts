// @module-tag slow
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/**
 * The fuzzing of differential.test.ts finds something as soon as the gateway is lenient in one place only. Each mutant
 * takes one refusal away; if it survived, the property would say less than it seems to.
 */
type Codec = typeof import('../../../main/core/codec/scanner.ts') &
  typeof import('../../../main/core/codec/names.ts') &
  typeof import('../../../main/core/codec/message.ts');

const SCANNER = '../../../main/core/codec/scanner.ts';
const NAMES = '../../../main/core/codec/names.ts';
const MESSAGE = '../../../main/core/codec/message.ts';

function mutate(file: string, change: (real: Codec) => object): void {
  vi.doMock(file, async (original) => {
    const real = (await original()) as Codec;
    return { ...real, ...change(real) };
  });
}

const mutants: Record<string, () => void> = {
  'keys may be there twice in the envelope and in params': () =>
    mutate(NAMES, ({ KeyGuard }) => ({
      KeyGuard: class extends KeyGuard {
        override see(): void {}
      },
    })),
  'keys in another case are other keys': () =>
    mutate(NAMES, ({ KeyGuard }) => ({
      KeyGuard: class extends KeyGuard {
        override see(key: string, at: number): void {
          // Told as if it were plain ASCII in lower case, which the guard only looks for a second time.
          super.see(/^[a-z_]*$/i.test(key) ? `\u0020${key}` : key, at);
        }
      },
    })),
  'arguments are read without strictness': () =>
    mutate(SCANNER, ({ Scanner }) => ({
      Scanner: class extends Scanner {
        override object(room: number) {
          return super.object(room, 'any');
        }
      },
    })),
  'something may follow the message': () =>
    mutate(SCANNER, ({ Scanner }) => ({
      Scanner: class extends Scanner {
        override expectEnd(): void {}
      },
    })),
  'half surrogate pairs pass': () =>
    mutate(SCANNER, ({ Scanner }) => ({
      Scanner: class extends Scanner {
        constructor(bytes: Buffer, start?: number, end?: number) {
          super(bytes, start, end, false);
        }
      },
    })),
  'methods may be written in any way': () => mutate(NAMES, () => ({ checkMethod: () => {} })),
  'bytes may be other than UTF-8': () =>
    vi.doMock('node:buffer', async (original) => ({ ...(await original<object>()), isUtf8: () => true })),
  'the policy is asked about no arguments': () =>
    mutate(MESSAGE, ({ Call }) => ({
      Call: class extends Call {
        override readonly arguments = Object.create(null);
      },
    })),
};

vi.setConfig({ testTimeout: 120_000 });
beforeEach(() => void vi.resetModules());
afterEach(() => {
  vi.doUnmock(SCANNER);
  vi.doUnmock(NAMES);
  vi.doUnmock(MESSAGE);
  vi.doUnmock('node:buffer');
  vi.resetModules();
});

const seed = 20_261_121;
const oneLine = async () => (await import('../../../main/core/codec/wire/lines.ts')).asOneLine;

async function run(framed: (raw: Buffer) => Buffer, cases = 4000): Promise<void> {
  const { fuzz } = await import('../../fuzz/run.ts');
  await fuzz({ seed, cases, framed, keep: false });
}

test.each(Object.entries(mutants))('found: %s', async (_what, change) => {
  change();
  await expect(run(await oneLine())).rejects.toThrow(/^Case \d+ of seed 20261121: /);
});

test.each([
  [
    'keys of a list may be there twice, or in another case',
    'keys may be there twice in the envelope and in params',
  ],
  ['keys of a definition may be there twice', undefined],
])('found: %s', async (_what, same) => {
  if (same === undefined) {
    mutate(SCANNER, ({ Scanner }) => ({
      Scanner: class extends Scanner {
        override value(room: number) {
          return super.value(room, 'any');
        }
      },
    }));
  } else mutants[same]?.();
  const { fuzzLists } = await import('../../fuzz/lists.ts');
  await expect(fuzzLists(seed, 3000)).rejects.toThrow(/^Case \d+ of seed 20261121: /);
});

test('found: line breaks stay in what goes to a pipe', async () => {
  await expect(run((raw) => raw)).rejects.toThrow(/a pipe\] (cannot read|sees)/);
});

test('found: nothing, when nothing is changed', async () => {
  await run(await oneLine(), 800);
  const { fuzzLists } = await import('../../fuzz/lists.ts');
  await fuzzLists(seed, 300);
});
