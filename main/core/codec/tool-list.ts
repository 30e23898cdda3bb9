import { isUtf8 } from 'node:buffer';
import { sha256 } from './canonical/canonical.ts';
import { Refusal } from './fault.ts';
import { KeyGuard, RESULT, TOOL } from './names.ts';
import { ScanError } from './scan-error.ts';
import { Scanner } from './scanner.ts';
import type { JsonObject, Span } from './types.ts';

/** An answer that must be judged or changed could be read in two ways; nothing of it is passed on. */
export class AmbiguousList extends Error {
  constructor(what: string) {
    super(`The server's answer is ambiguous: ${what}.`);
    this.name = 'AmbiguousList';
  }
}

/** A page of a server's tools, as every reader sees it. */
export interface ToolList {
  /** The answer with only the tools that are kept, every other byte unchanged; the same buffer when all are. */
  readonly raw: Buffer;
  /** The definitions of all its tools, also of those that are not kept; read when asked for. Objects have null prototypes. */
  readonly tools: readonly JsonObject[];
  readonly nextCursor: string | undefined;
  /** The JSON text of a `nextCursor` that names no page, because it is empty or no text; at most 100 characters of it. */
  readonly strangeCursor: string | undefined;
  /** SHA-256 (hex) over the bytes of the whole list: equal lists are equal tools. */
  readonly fingerprint: string;
  /** The answer with only the tools that are kept, asked for each in their order, as in {@link ToolList.raw}. */
  only(keep: (name: string) => boolean): Buffer;
}

/** How deep a definition may be: far beyond real ones, and safe for recursion. */
const DEPTH = 1000;

/** One element of a list: where it is, counted from the list's beginning, and its tool's name where it has one. */
interface Element extends Span {
  readonly name: string | undefined;
}

/**
 * What was found in lists that were read before, by the digest of their bytes. Servers give the same list to every session,
 * and reading a thousand definitions takes tens of milliseconds; the same bytes hold the same tools.
 */
const known = new Map<string, readonly Element[]>();
const MAX_KNOWN = 64;
/** Lists with more elements are read each time, so that what is remembered stays small. */
const MAX_ELEMENTS = 20_000;

/**
 * Reads a tools/list answer (MCP 2025-11-25, tools, listing) and takes tools out of it: order, members, cursor, unknown
 * fields and white space of the rest stay. What is judged and pinned must be what a client sees, whatever reads it there,
 * so a key that is there twice, or a look-alike of a key that matters, refuses the page.
 * @param keep whether the tool with this name stays; tools without a name stay, nobody can call them
 * @throws AmbiguousList when two readers could see different tools
 */
export function readToolList(raw: Buffer, keep: (name: string) => boolean): ToolList {
  if (!isUtf8(raw)) throw new AmbiguousList('it is not valid UTF-8');
  const page = new Page(raw, keep);
  try {
    page.read();
  } catch (error) {
    if (error instanceof Refusal || error instanceof ScanError) throw new AmbiguousList(error.message);
    throw error;
  }
  return page.result();
}

class Page {
  nextCursor: string | undefined;
  strangeCursor: string | undefined;
  readonly #raw: Buffer;
  readonly #keep: (name: string) => boolean;
  readonly #scanner: Scanner;
  /** Of the whole list with its brackets. */
  #list: Span | undefined;
  #fingerprint: string | undefined;
  #elements: readonly Element[] = [];
  #tools: JsonObject[] | undefined;

  constructor(raw: Buffer, keep: (name: string) => boolean) {
    this.#raw = raw;
    this.#keep = keep;
    this.#scanner = new Scanner(raw);
  }

  read(): void {
    const scanner = this.#scanner;
    scanner.members((key) => {
      if (key === 'result' && scanner.peek() === 0x7b) this.#result();
      else scanner.skip();
    });
  }

  #result(): void {
    const scanner = this.#scanner;
    const guard = new KeyGuard(RESULT, 'the result');
    scanner.members((key, at) => {
      guard.see(key, at);
      const next = scanner.peek();
      if (key === 'tools' && next === 0x5b) this.#readList();
      else if (key === 'nextCursor') this.#cursor();
      else scanner.skip();
    });
  }

  #cursor(): void {
    const scanner = this.#scanner;
    const text = scanner.peek() === 0x22;
    const start = scanner.at;
    if (text) this.nextCursor = scanner.string() || undefined;
    else scanner.skip();
    if (this.nextCursor === undefined)
      this.strangeCursor = this.#raw.toString('utf8', start, Math.min(scanner.at, start + 100));
  }

  #readList(): void {
    const scanner = this.#scanner;
    const start = scanner.at;
    scanner.skip();
    this.#list = { start, end: scanner.at };
    this.#fingerprint = sha256(this.#raw.subarray(start, scanner.at));
    const before = known.get(this.#fingerprint);
    if (before) {
      this.#elements = before;
      return;
    }
    const { elements, tools } = readElements(this.#raw, start);
    this.#elements = elements;
    this.#tools = tools;
    if (elements.length > MAX_ELEMENTS) return;
    const [oldest] = known.keys();
    if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    known.set(this.#fingerprint, elements);
  }

  result(): ToolList {
    const list = this.#list;
    const read = (): JsonObject[] => {
      this.#tools ??= list ? readElements(this.#raw, list.start).tools : [];
      return this.#tools;
    };
    return {
      raw: this.#kept(this.#keep),
      only: (keep) => this.#kept(keep),
      get tools() {
        return read();
      },
      nextCursor: this.nextCursor,
      strangeCursor: this.strangeCursor,
      fingerprint: this.#fingerprint ?? sha256(''),
    };
  }

  #kept(keep: (name: string) => boolean): Buffer {
    const list = this.#list;
    const kept = this.#elements.filter(({ name }) => name === undefined || keep(name));
    if (!list || kept.length === this.#elements.length) return this.#raw;
    const parts: Buffer[] = [this.#raw.subarray(0, list.start + 1)];
    kept.forEach(({ start, end }, index) => {
      if (index > 0) parts.push(COMMA);
      parts.push(this.#raw.subarray(list.start + start, list.start + end));
    });
    parts.push(this.#raw.subarray(list.end - 1));
    return Buffer.concat(parts);
  }
}

/** Reads the list that begins at `start`: each element with the white space around it. */
function readElements(raw: Buffer, start: number): { elements: Element[]; tools: JsonObject[] } {
  const scanner = new Scanner(raw, start);
  const elements: Element[] = [];
  const tools: JsonObject[] = [];
  let begin = start + 1;
  scanner.elements(() => {
    const definition = readTool(scanner);
    scanner.peek();
    const name = definition?.name;
    if (definition) tools.push(definition);
    elements.push({
      start: begin - start,
      end: scanner.at - start,
      name: typeof name === 'string' ? name : undefined,
    });
    begin = scanner.at + 1;
  });
  return { elements, tools };
}

/** Passes one element; gives the definition where it is one. */
function readTool(scanner: Scanner): JsonObject | undefined {
  if (scanner.peek() !== 0x7b) {
    scanner.skip();
    return undefined;
  }
  const guard = new KeyGuard(TOOL, 'a tool');
  const definition: JsonObject = Object.create(null);
  scanner.members((key, at) => {
    guard.see(key, at);
    definition[key] = scanner.value(DEPTH, 'unique');
  });
  const { name } = definition;
  if (typeof name === 'string' && name.includes('\0'))
    throw new AmbiguousList(`the name ${JSON.stringify(name)} holds a NUL character`);
  return definition;
}

const COMMA = Buffer.from(',');
