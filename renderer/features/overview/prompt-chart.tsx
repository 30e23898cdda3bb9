import { en } from '../../../shared/text/en.ts';

const t = en.overview.health;
const BAR = 6;
const GAP = 2;
const HEIGHT = 40;
/** A day with one prompt must be seen beside a day with a hundred. */
const LEAST = 2;

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Prompts a day as bars, oldest first. Screen readers hear the days that had any. */
export function PromptChart({ byDay }: { byDay: readonly { day: string; prompts: number }[] }) {
  const most = Math.max(1, ...byDay.map(({ prompts }) => prompts));
  const width = byDay.length * (BAR + GAP) - GAP;
  const first = byDay[0];
  const last = byDay.at(-1);
  if (!first || !last) return null;
  return (
    <figure className="min-w-0">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${t.chart(byDay.length)}. ${byDay
          .filter(({ prompts }) => prompts > 0)
          .map(({ day, prompts }) => t.bar(dayText(day), prompts))
          .join(', ')}`}
        className="block max-w-full"
      >
        {byDay.map(({ day, prompts }, at) => {
          const height = prompts === 0 ? 1 : Math.max(LEAST, Math.round((prompts / most) * HEIGHT));
          return (
            <rect
              key={day}
              x={at * (BAR + GAP)}
              y={HEIGHT - height}
              width={BAR}
              height={height}
              className={prompts === 0 ? 'fill-line-strong' : 'fill-muted'}
            >
              <title>{t.bar(dayText(day), prompts)}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption className="flex justify-between text-muted text-small">
        <span>{dayText(first.day)}</span>
        <span>{t.most(most)}</span>
        <span>{dayText(last.day)}</span>
      </figcaption>
    </figure>
  );
}

/** `2026-11-21` is a day where the person is, not in Greenwich. */
function dayText(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return year && month && date ? dayFormat.format(new Date(year, month - 1, date)) : day;
}
