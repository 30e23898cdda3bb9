/** Errors of the operating system about files and programs, as sentences. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'A file or folder that it needs does not exist.',
  EACCES: 'The system does not permit it.',
  EPERM: 'The system does not permit it.',
  ELOOP: 'A link leads in a circle.',
  ENOTDIR: 'A part of the path is a file and no folder.',
  EISDIR: 'The path is a folder.',
  ENAMETOOLONG: 'The path is too long.',
  ENOSPC: 'The disk is full.',
  EROFS: 'The disk is read-only.',
  EIO: 'The disk cannot be read.',
  EBUSY: 'Another program holds the file.',
  ETXTBSY: 'Another program is writing the file.',
  ENOMEM: 'There is not enough memory.',
  EAGAIN: 'Too many programs are running on this machine.',
  EMFILE: 'Too many files are open on this machine.',
  ENFILE: 'Too many files are open on this machine.',
  EINVAL: 'The system does not accept the command, its arguments or its variables.',
  ERR_INVALID_ARG_VALUE:
    'The command, an argument or a variable holds a character that is not allowed there.',
};

/** Why something did not work, in words; never the text of the runtime, which belongs in the log. */
export function systemReason(error: unknown): string {
  const { code, path } = (typeof error === 'object' && error !== null ? error : {}) as NodeJS.ErrnoException;
  const why =
    (code && WORDS[code]) ?? `The system gives the error ${code ?? 'without a code'}; the log has more.`;
  return path === undefined ? why : `${why} It is about ${path}.`;
}
