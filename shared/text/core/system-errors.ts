/** What the operating system says about files, in words for people. By the name of its error. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'stands below something that is not a folder',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link that leads round in a circle',
  ENAMETOOLONG: 'has a name that is too long for this system',
  EINVAL: 'has a name that this system does not take',
  EIO: 'has an error of the disk in it',
  EBUSY: 'is held open by another program',
  ESTALE: 'is on a network folder that is not there any more',
  ETIMEDOUT: 'is on a network folder that does not answer',
  EHOSTDOWN: 'is on a network folder that does not answer',
  ENOTCONN: 'is on a network folder that is not connected',
  ENXIO: 'is not a file that can be read',
  ENODEV: 'is not a file that can be read',
  EMFILE: 'is one too many to open: too many files are open',
  ENFILE: 'is one too many to open: too many files are open',
  EFBIG: 'is too big to be read',
  EOVERFLOW: 'is too big to be read',
  ERR_FS_FILE_TOO_LARGE: 'is too big to be read',
};

/** Why a file cannot be read, after its path: `is a folder (EISDIR)`. Undefined for what has no words here. */
export function whyUnreadable(code: string | undefined): string | undefined {
  const reason = code === undefined ? undefined : REASONS[code];
  return reason === undefined ? undefined : `${reason} (${code})`;
}

/** What stands where a file should, after its path. */
export const notAFile = {
  folder: 'is a folder',
  pipe: 'is a named pipe, not a file; nothing was read from it',
  socket: 'is a socket, not a file; nothing was read from it',
  device: 'is a device, not a file; nothing was read from it',
};
