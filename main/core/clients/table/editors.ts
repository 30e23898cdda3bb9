import { everywhere, join, macApplication, OAUTH, processes, row } from './make.ts';

/** Editors with an agent of their own. */
export const EDITORS = [
  row({
    id: 'cursor',
    name: 'Cursor',
    evidence: 'tools',
    files: everywhere('~/.cursor/mcp.json'),
    traces: join(everywhere('~/.cursor'), macApplication('Cursor')),
    processes: { ...processes('cursor'), darwin: ['Cursor'], win32: ['Cursor.exe'] },
    strictness: 'tolerant',
    dialect: {
      variables: 'cursor',
      unsupported: {
        auth: OAUTH,
        envFile: 'It takes its environment from a file (envFile), which Drawbridge does not read yet.',
      },
    },
    projectFiles: ['.cursor/mcp.json'],
    picksUp: 'live',
    restart: 'Cursor reads its file by itself; if a server stays off, switch it on in Settings, MCP.',
  }),
];
