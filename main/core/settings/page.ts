import type { SettingView } from '../../../shared/schemas/setting.ts';
import { settingsPage as t } from '../../../shared/text/setting-keys.ts';
import { defaultSettings } from './schema.ts';
import { settingViews } from './table.ts';

/** The text of docs/settings.md. */
export function settingsPage(): string {
  const views = settingViews(defaultSettings);
  const own = views.filter(({ elsewhere }) => elsewhere === null);
  const others = views.filter(({ elsewhere }) => elsewhere !== null);
  return [
    t.made,
    '',
    t.title,
    '',
    ...t.lead,
    '',
    ...table(
      t.headings,
      own.map((view) => [
        `\`${view.key}\``,
        view.about,
        valuesOf(view),
        code(view.default),
        t.when[view.when],
      ]),
    ),
    '',
    t.elsewhere,
    '',
    ...table(
      t.elsewhereHeadings,
      others.map(({ key, about, elsewhere }) => [`\`${key}\``, about, elsewhere ?? '']),
    ),
    '',
  ].join('\n');
}

function valuesOf({ kind, min, max, unit, none }: SettingView): string {
  if (kind === 'list') return t.list;
  if (kind === 'file') return `${t.file}${t.orNone(none ?? '')}`;
  return `${t.range(min ?? 0, max ?? 0, unit)}${none === null ? '' : t.orNone(none)}`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}
