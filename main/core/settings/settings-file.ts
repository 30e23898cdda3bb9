import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ZodError } from 'zod';
import { settings as t } from '../../../shared/text/core/settings.ts';
import { NotAFile, readPlainFile } from '../base/plain-file.ts';
import type { Files } from '../ports.ts';
import { errorCode } from './atomic-write.ts';
import { defaultSettings, readNewer, SETTINGS_VERSION, SettingsSchema } from './schema.ts';
import type { SettingsDoc } from './types.ts';

/** What a text of settings.json is. */
export type Judged =
  | { readonly kind: 'ok'; readonly doc: SettingsDoc }
  /** Written by a newer program: what still fits. */
  | { readonly kind: 'newer'; readonly doc: SettingsDoc; readonly version: number }
  /** `reason` names the place of the fault: line and column, or the member. */
  | { readonly kind: 'broken'; readonly reason: string };

/** @param text undefined where there is no file */
export function judgeSettings(text: string | undefined): Judged {
  if (text === undefined) return { kind: 'ok', doc: defaultSettings };
  let value: unknown;
  // Editors of Windows put a byte order mark before the text.
  const plain = text.replace(/^\uFEFF/, '');
  try {
    value = JSON.parse(plain);
  } catch {
    return { kind: 'broken', reason: syntaxFault(plain) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'broken', reason: t.notAnObject };
  const version = 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > SETTINGS_VERSION)
    return { kind: 'newer', doc: readNewer(value as Record<string, unknown>), version };
  const parsed = SettingsSchema.safeParse(value);
  return parsed.success
    ? { kind: 'ok', doc: parsed.data }
    : { kind: 'broken', reason: memberFaults(plain, parsed.error) };
}

/** Where a text stops being JSON. */
function syntaxFault(text: string): string {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  // What one reader takes for JSON and the other does not is broken at its end, such as an empty file.
  return t.notJson(
    placeOf(text, first?.offset ?? text.length),
    first ? printParseErrorCode(first.error) : '',
  );
}

/** Each member that does not fit, with its line: one that is missing stands at the member that should hold it. */
function memberFaults(text: string, error: ZodError): string {
  const tree = parseTree(text);
  const faults = error.issues.map(({ path, message }) => {
    const steps = path.map((step) => (typeof step === 'number' ? step : String(step)));
    let offset = 0;
    for (let end = steps.length; tree && end >= 0; end--) {
      const node = findNodeAtLocation(tree, steps.slice(0, end));
      if (!node) continue;
      offset = node.offset;
      break;
    }
    return t.member(placeOf(text, offset), steps.join('.'), message);
  });
  return faults.join('; ');
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Undefined where there is no file; throws where it is there and cannot be read. */
export async function readSettings(files: Files, path: string): Promise<string | undefined> {
  try {
    return (await readPlainFile(path, files)).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error instanceof NotAFile ? new Error(`${path} ${error.message}`) : error;
  }
}

/** The file itself where `path` is a link to it (in a folder under version control, say): the link stays. */
export async function linkTarget(files: Files, path: string): Promise<string> {
  try {
    return await files.realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return path;
    throw error;
  }
}

/** Size, times and inode: another stamp means that the file must be read again. */
export async function stampOf(files: Files, path: string): Promise<string> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await files.stat(path);
    return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** A time that may stand in a file name on every system: `2026-11-02T12-00-00-000Z`. */
export function stamp(time: number): string {
  return new Date(time).toISOString().replaceAll(/[:.]/g, '-');
}
