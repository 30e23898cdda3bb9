export interface ShellArguments {
  /** The folder given with `--data DIR`; undefined: the environment or the default decides. */
  readonly data: string | undefined;
  /** Start in the tray, without a window. */
  readonly hidden: boolean;
}

/** Reads the app's own options. Others belong to Chromium and are not judged here. */
export function shellArguments(argv: readonly string[]): ShellArguments {
  let data: string | undefined;
  argv.forEach((word, at) => {
    if (word === '--data') data = argv[at + 1];
    else if (word.startsWith('--data=')) data = word.slice('--data='.length);
  });
  // A login item of Windows may carry its quotes along.
  data = data?.replace(/^"(.*)"$/, '$1');
  return { data: data || undefined, hidden: argv.includes('--hidden') };
}
