import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the model answers: words, or the call of a tool. */
export type Answer =
  | { readonly text: string }
  | {
      readonly call: {
        readonly id: string;
        readonly name: string;
        /** The group that the program keeps the tool in, where it has groups. */
        readonly group?: string;
        readonly args: Readonly<Record<string, unknown>>;
      };
    };

/** A tool as a program offers it. */
export interface Offered {
  readonly name: string;
  readonly group?: string;
}

/** A request in words that all forms have in common. */
export interface Asked {
  readonly tools: readonly Offered[];
  /** What the program puts before the model as results of its calls, oldest first: all of their text. */
  readonly results: readonly string[];
  readonly stream: boolean;
}

/** The form in which programs of one provider talk to their model. */
export interface Form {
  /** Path of the request, behind the base URL's. */
  readonly path: string;
  read(body: unknown): Asked;
  /** The answer in one piece. */
  whole(answer: Answer): object;
  /** The same as an event stream; ends the response. */
  stream(response: ServerResponse, answer: Answer): void;
}

export const MODEL = 'stand-in';

/** Parts of a content as text; what is no text is named. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content))
    return content === undefined || content === null ? '' : JSON.stringify(content);
  return content
    .map((part: { type?: string; text?: string; content?: unknown }) => part.text ?? `[${part.type}]`)
    .join('\n');
}

export function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

export async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
