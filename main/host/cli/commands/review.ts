import type { DefinitionChange, PinHistory } from '../../../../shared/schemas/pin.ts';
import type { ToolView } from '../../../../shared/schemas/server.ts';
import { commandLine } from '../../../../shared/text/command-line.ts';
import { type CommandContext, stringOption, UsageError } from '../command.ts';
import { clock, plain, table } from '../table.ts';

const t = commandLine.tools;

/** The tools of a server; below them those that wait for a person, each with the reason. */
export function toolTable(server: string, tools: readonly ToolView[]): string {
  const rows = tools.map((tool) => [
    tool.pin.state === 'blocked' ? t.blocked : tool.action,
    plain(tool.name),
    tool.risk.category,
    tool.limit ? t.limit(tool.limit) : '',
    // What is blocked may be the description itself.
    tool.pin.state === 'blocked'
      ? t.waits
      : plain((tool.description ?? '').split('\n')[0] ?? '').slice(0, 100),
  ]);
  const waiting = tools.filter(({ pin }) => pin.state === 'blocked');
  const reasons = waiting.flatMap(({ name, pin }) => [
    '',
    t.isBlocked(plain(name)),
    ...pin.reasons.map((reason) => t.reason(plain(reason))),
    t.lookAt(server, plain(name)),
  ]);
  return [table(rows, t.none), ...reasons].join('\n');
}

/**
 * `tools SERVER --review TOOL`, `--accept TOOL --hash HASH`, `--release`. The hash says which definition was looked at: the
 * server may have changed it since.
 */
export async function reviewTools(context: CommandContext, server: string): Promise<number> {
  const review = stringOption(context, 'review');
  const accept = stringOption(context, 'accept');
  const release = context.options.release === true;
  if ([review !== undefined, accept !== undefined, release].filter(Boolean).length !== 1)
    throw new UsageError('give one of --review TOOL, --accept TOOL and --release');
  const core = await context.core();
  if (release) {
    await core.call('pins.release', { server });
    context.print({ server, released: true }, () => t.released(server));
    return 0;
  }
  const tool = (review ?? accept) as string;
  const history = await core.call('pins.history', { server, tool });
  if (review !== undefined) {
    context.print(history, () => reviewText(server, tool, history));
    return 0;
  }
  const looked = stringOption(context, 'hash') ?? '';
  if (!/^[0-9a-f]{8,64}$/.test(looked))
    throw new UsageError(
      `--accept goes with --hash, which says what you looked at: drawbridge tools ${server} --review ${plain(tool)}`,
    );
  // The beginning of another hash than the one in use is sent as it is, and the core refuses it.
  const hash = history.pin.hash.startsWith(looked) ? history.pin.hash : looked;
  await core.call('pins.accept', { server, tool, hash });
  context.print({ server, tool, hash, accepted: true }, () => t.accepted(plain(tool), server));
  return 0;
}

function reviewText(server: string, tool: string, { pin, review }: PinHistory): string {
  const lines = [
    t.review.title(plain(tool), server, { ...pin, since: clock(pin.since) }),
    ...pin.reasons.map((reason) => t.reason(plain(reason))),
  ];
  if (review === null) return [...lines, t.review.unchanged].join('\n');
  lines.push('', t.review.changes, ...fieldLines(review));
  if (pin.state === 'blocked') lines.push('', t.review.accept(server, plain(tool), pin.hash.slice(0, 12)));
  return lines.join('\n');
}

function fieldLines({ fields }: DefinitionChange): string[] {
  return fields.map(({ path, parts }) => {
    const text = parts.map((part) => {
      const words = part.text.split('\n').map(plain).join('\n    ');
      if (part.kind === 'same') return words;
      return part.kind === 'added' ? t.review.added(words) : t.review.gone(words);
    });
    return t.review.field(plain(path), text.join(''));
  });
}
