/** Languages that the prompt colours. */
export type Language = 'sql' | 'bash' | 'diff' | 'json' | 'python' | 'javascript';

const SQL_KEY = /(sql|query|statement)s?$/i;
const SHELL_KEY = /^(cmd|command|shell|bash|script|exec|commandline|command_line)$/i;
const CODE_KEY = /(code|script|source|snippet|program|function|expression)$/i;
const SQL =
  /^\s*(?:--[^\n]*\n\s*)*(?:select|insert|update|delete|with|create|alter|drop|truncate|grant|revoke|merge|explain|begin|replace)\s/i;
const SURE_SQL =
  /^\s*(?:select\s[\s\S]{1,2000}?\sfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|drop\s+(?:table|database|schema|view|index)|truncate\s+table|alter\s+table|create\s+(?:table|view|index))\s/i;
const DIFF = /^(?:diff --git |--- \S|Index: |\*\*\* Begin Patch|@@ -\d)/m;
const PYTHON = /^\s*(?:import \w|from \S+ import |def \w+\(|class \w+[:(]|print\()/m;
const SCRIPT =
  /^\s*(?:const|let|var|import|export|function|async|await|return)\s|=>|document\.|console\.|^\(\)/m;

/** What a text is written in, told by the name of its argument and how it begins; null for prose and all else. */
export function languageOf(key: string, text: string): Language | null {
  if (text.trim() === '') return null;
  if ((SQL_KEY.test(key) && SQL.test(text)) || SURE_SQL.test(text)) return 'sql';
  if (/(patch|diff)$/i.test(key) || (text.includes('\n') && DIFF.test(text))) return 'diff';
  if (CODE_KEY.test(key) && !text.startsWith('#!/bin') && PYTHON.test(text)) return 'python';
  if (CODE_KEY.test(key) && SCRIPT.test(text)) return 'javascript';
  if (SHELL_KEY.test(key) || text.startsWith('#!/')) return 'bash';
  return null;
}
