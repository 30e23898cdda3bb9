import { en } from '../../shared/text/en.ts';

const { units } = en.app;
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** `12:04:31` today, `3 Nov 12:04:31` before. */
export function clockTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}

export function wholeTime(at: number): string {
  return whole.format(at);
}

/** `just now`, `4 min ago`, `3 h ago`, `2 d ago`. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 45) return en.app.justNow;
  if (seconds < 3600) return en.app.ago(`${Math.max(1, Math.round(seconds / 60))} ${units.min}`);
  if (seconds < 86_400) return en.app.ago(`${Math.round(seconds / 3600)} ${units.h}`);
  return en.app.ago(`${Math.round(seconds / 86_400)} ${units.d}`);
}

/** What is left of a time: `14:05`, or `1:02:03`. Never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `850 ms`, `1.2 s`, `3 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1000) return `${Math.round(ms)} ${units.ms}`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} ${units.s}`;
  return `${Math.round(ms / 60_000)} ${units.min}`;
}

export function bytes(n: number | null): string {
  if (n === null) return '–';
  if (n < 1000) return `${n} ${units.B}`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)} ${units.kB}`;
  return `${(n / 1_000_000).toFixed(1)} ${units.MB}`;
}
