import { isUtf8 } from 'node:buffer';
import { sha256 } from './canonical.ts';
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
  /** The definitions of all its tools, also of those that are not kept. Objects have null prototypes. */
  readonly tools: readonly JsonObject[];
  readonly nextCursor: string | undefined;
  /** SHA-256 (hex) over the bytes of the whole list: equal lists are equal tools. */
  readonly fingerprint: string;
}

/** How deep a definition may be: far beyond real ones, and safe for recursion. */
const DEPTH = 1000;

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
  return {
    raw: page.kept(),
    tools: page.tools,
    nextCursor: page.nextCursor,
    fingerprint: page.fingerprint(),
  };
}

class Page {
  readonly tools: JsonObject[] = [];
  nextCursor: string | undefined;
  readonly #raw: Buffer;
  readonly #keep: (name: string) => boolean;
  readonly #scanner: Scanner;
  /** Of the whole list with its brackets, and of the elements that stay, each with the white space around it. */
  #list: Span | undefined;
  readonly #spans: Span[] = [];
  #dropped = false;

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
      if (key === 'tools' && next === 0x5b) this.#tools();
      else if (key === 'nextCursor' && next === 0x22) this.nextCursor = scanner.string();
      else scanner.skip();
    });
  }

  #tools(): void {
    const scanner = this.#scanner;
    const start = scanner.at;
    let begin = start + 1;
    scanner.elements(() => {
      const stays = this.#stays();
      scanner.peek();
      if (stays) this.#spans.push({ start: begin, end: scanner.at });
      else this.#dropped = true;
      begin = scanner.at + 1;
    });
    this.#list = { start, end: scanner.at };
  }

  /** Passes one element. */
  #stays(): boolean {
    const scanner = this.#scanner;
    if (scanner.peek() !== 0x7b) {
      scanner.skip();
      return true;
    }
    const guard = new KeyGuard(TOOL, 'a tool');
    const definition: JsonObject = Object.create(null);
    scanner.members((key, at) => {
      guard.see(key, at);
      definition[key] = scanner.value(DEPTH, 'unique');
    });
    this.tools.push(definition);
    const { name } = definition;
    if (typeof name !== 'string') return true;
    if (name.includes('\0'))
      throw new AmbiguousList(`the name ${JSON.stringify(name)} holds a NUL character`);
    return this.#keep(name);
  }

  fingerprint(): string {
    const list = this.#list;
    return sha256(list ? this.#raw.subarray(list.start, list.end) : '');
  }

  kept(): Buffer {
    const list = this.#list;
    if (!this.#dropped || !list) return this.#raw;
    const parts: Buffer[] = [this.#raw.subarray(0, list.start + 1)];
    this.#spans.forEach(({ start, end }, index) => {
      if (index > 0) parts.push(COMMA);
      parts.push(this.#raw.subarray(start, end));
    });
    parts.push(this.#raw.subarray(list.end - 1));
    return Buffer.concat(parts);
  }
}

const COMMA = Buffer.from(',');
