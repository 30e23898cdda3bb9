import { codePoint, visibleText as shown } from '../../shared/text/untrusted.ts';

/**
 * Text from a server or an agent as plain text in one line in which nothing hides: characters that cannot be seen, or that
 * change how others are seen, are shown as U+XXXX, as in the windows.
 */
export function visibleText(text: string): string {
  return shown(text);
}

/** At most `max` visible characters with … at the end of a longer text. For menus and notifications only. */
export function shortVisibleText(text: string, max: number): string {
  // An endless name must not cost anything: what is beyond the limit is not looked at.
  const characters = [...visibleText([...text.slice(0, max * 2 + 2)].slice(0, max + 1).join(''))];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : characters.join('');
}

/** For a menu label, where a single & would mark a key and vanish. */
export function menuText(text: string, max: number): string {
  return shortVisibleText(text, max).replaceAll('&', '&&');
}

/** For a notification: some desktops read its text as markup, so what could begin a tag or an entity is spelled out. */
export function notificationText(text: string, max: number): string {
  return shortVisibleText(
    text.slice(0, max * 2 + 2).replace(/[<>&]/g, (character) => ` ${codePoint(character)} `),
    max,
  );
}
