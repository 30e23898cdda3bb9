import type { Clock } from '../ports.ts';
import type { LogLine } from './types.ts';

const LINES = 1000;
const BYTES = 256 * 1024;
const LINE_CHARS = 4000;
const SECRET_MIN = 4;

/** The last lines a server wrote and what happened to it, bounded in lines and bytes; secrets are blacked out. */
export class LogRing {
  readonly #clock: Pick<Clock, 'now'>;
  #lines: LogLine[] = [];
  #size = 0;
  #secrets: readonly string[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Values that must not appear in a line added from now on. Very short ones would blot out ordinary text. */
  hide(secrets: readonly string[]): void {
    this.#secrets = secrets.filter((secret) => secret.length >= SECRET_MIN);
  }

  add(stream: LogLine['stream'], text: string): void {
    const whole = this.clean(text);
    const line =
      whole.length > LINE_CHARS
        ? `${whole.slice(0, LINE_CHARS)} … (${whole.length - LINE_CHARS} more characters)`
        : whole;
    this.#lines.push({ at: this.#clock.now(), stream, line });
    this.#size += line.length;
    while (this.#lines.length > LINES || this.#size > BYTES) {
      this.#size -= this.#lines.shift()?.line.length ?? 0;
    }
  }

  /** `text` without the secrets. */
  clean(text: string): string {
    return this.#secrets.reduce((left, secret) => left.replaceAll(secret, '••••'), text);
  }

  lines(): LogLine[] {
    return [...this.#lines];
  }

  /** What the server itself wrote since `since`, one line after the other. */
  written(since: number): string {
    return this.#own(since)
      .map(({ line }) => line)
      .join('\n');
  }

  /**
   * What the server wrote last, as a sentence; empty when it wrote nothing. On standard output there is only what is no
   * message: the reason why many a server seems not to answer.
   */
  lastOutput(count = 3): string {
    const own = this.#own(0);
    const last = own.at(-1);
    if (!last) return '';
    const lines = own
      .slice(-count)
      .filter(({ stream }) => stream === last.stream)
      .map(({ line }) => JSON.stringify(line.trim().slice(0, 200)));
    return last.stream === 'stdout'
      ? `It wrote to its standard output what is no message: ${lines.join(', ')}.`
      : `Its last output: ${lines.join(', ')}.`;
  }

  #own(since: number): LogLine[] {
    return this.#lines.filter(
      (line) => line.stream !== 'event' && line.at >= since && line.line.trim() !== '',
    );
  }

  /** The last `count` lines the server itself wrote since `since`, as one sentence; empty when there are none. */
  tail(since: number, count = 5): string {
    const own = this.#own(since);
    if (own.length === 0) return '';
    const last = own.slice(-count).map((line) => line.line.trim().slice(0, 300));
    return ` Its last lines: ${last.join(' | ')}`;
  }
}
