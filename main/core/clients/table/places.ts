/**
 * `{NAME|path}`: the environment variable, else the path; `{NAME}` is left out with its whole template when the variable is
 * not set. `~` is the home folder; a `*` matches within one folder's name.
 */
export type PathTemplate = string;
export type System = 'darwin' | 'win32' | 'linux';
/** Paths on each system; an empty list says that there are none. */
export type PerSystem = Readonly<Record<System, readonly PathTemplate[]>>;
