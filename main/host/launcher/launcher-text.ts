/** A program and the words it is started with. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** One word for a POSIX shell, whatever is in it. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A launcher for POSIX systems: starts `program` with the words it was given itself. `needed` are files without which that
 * cannot work; where one is gone, it says so and ends with 1.
 */
export function shellLauncher(program: Program, needed: readonly string[]): string {
  const checks = needed.map(
    (file) =>
      `[ -e ${shellWord(file)} ] || { printf 'drawbridge: %s is not there any more. Start Drawbridge once from where it is now; nothing else has to be changed.\\n' ${shellWord(file)} >&2; exit 1; }`,
  );
  return [
    '#!/bin/sh',
    '# Written by Drawbridge at each start. Changes made here are lost.',
    ...checks,
    `exec ${[program.command, ...program.args].map(shellWord).join(' ')} "$@"`,
    '',
  ].join('\n');
}

/** One word inside a batch file. A path of Windows holds no quotation mark; a percent sign would begin a variable. */
function batchWord(word: string): string {
  return `"${word.replaceAll('%', '%%').replaceAll('"', '""')}"`;
}

/** {@link shellLauncher} for Windows. Lines end with CR LF: `cmd.exe` misreads labels and long lines otherwise. */
export function batchLauncher(program: Program, needed: readonly string[]): string {
  const words = [program.command, ...program.args, ...needed];
  const isPlain = words.every((word) => /^[\u0020-\u007e]*$/.test(word));
  const checks = needed.flatMap((file) => [
    `if exist ${batchWord(file)} goto :found${needed.indexOf(file)}`,
    `>&2 echo drawbridge: ${batchWord(file)} is not there any more. Start Drawbridge once from where it is now; nothing else has to be changed.`,
    'exit /b 1',
    `:found${needed.indexOf(file)}`,
  ]);
  return [
    '@echo off',
    'rem Written by Drawbridge at each start. Changes made here are lost.',
    'setlocal DisableDelayedExpansion',
    // The file is UTF-8; paths in other letters would be read in the code page of the console.
    ...(isPlain ? [] : ['chcp 65001 >nul']),
    ...checks,
    `${[program.command, ...program.args].map(batchWord).join(' ')} %*`,
    'exit /b %errorlevel%',
    '',
  ].join('\r\n');
}
