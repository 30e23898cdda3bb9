import type { ServerStatus } from '../../schemas/server.ts';

/** The checks of `drawbridge doctor`: their names, what is found, and what to do. */
export const doctor = {
  version: {
    name: 'version',
    found: (version: string, host: string, pid: number, platform: string): string =>
      `Drawbridge ${version}, ${host}, process ${pid}, ${platform}`,
  },
  dataFolder: {
    name: 'data folder',
    found: (dir: string, open: boolean): string => `${dir}${open ? ' can be read by other users' : ''}`,
    fix: (dir: string): string => `chmod 700 ${dir}`,
  },
  gateway: {
    name: 'gateway',
    listens: (port: number | null): string => `listens on http://127.0.0.1:${port}`,
    stopped: (port: number | null): string => `not running; clients are told to use port ${port}`,
    fix: 'Start Drawbridge, or run: drawbridge serve',
  },
  secrets: {
    name: 'secrets',
    os: 'kept by the key store of the operating system',
    file: (dir: string): string =>
      `no key store of the operating system is in use: encrypted with a key in a file that only you can read (${dir})`,
  },
  settings: { name: 'settings', ok: 'read', fix: 'See the file named here.' },
  audit: {
    name: 'audit',
    fix: 'Keep a copy of the data folder, then find out who changed it.',
  },
  server: {
    name: (server: string): string => `server ${server}`,
    found: (status: ServerStatus, text: string | null): string => `${status}${text ? `: ${text}` : ''}`,
    fix: 'See its log.',
  },
  policy: {
    name: (server: string): string => `policy ${server}`,
    fix: 'Correct the file; the last good policy stays in force.',
  },
  client: { name: (client: string): string => `client ${client}` },
};
