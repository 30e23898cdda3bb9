/** The shell's folders before ours, each once; ours as it is where it holds them all (we were started in a terminal). */
export function mergePaths(login: string, own: string | undefined): string {
  const split = (path: string): string[] => path.split(':').filter((folder) => folder !== '');
  const ours = split(own ?? '');
  const theirs = split(login);
  if (theirs.every((folder) => ours.includes(folder))) return [...new Set(ours)].join(':');
  return [...new Set([...theirs, ...ours])].join(':');
}
