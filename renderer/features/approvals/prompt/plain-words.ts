/**
 * A tool's name as a person would say it: `create_issue` and `createIssue` are "create issue". Null when the name says it
 * as it is, or is written in a way that reading it aloud would hide.
 */
export function plainWords(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,99}$/.test(name)) return null;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === name || words === '' ? null : words;
}
