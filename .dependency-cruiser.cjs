/** Rooms (or files) of a folder from the bottom to the top: each may import those before it, and none after it. */
const oneWay = (folder, rooms) =>
  rooms.slice(0, -1).map((room, i) => ({
    name: `${folder.split('/').at(-1)}-${room.replace('.ts', '')}`,
    comment: `rooms of ${folder}, each may import those before it: ${rooms.join(', ')}`,
    severity: 'error',
    from: { path: `^${folder}/${room.replace('.', '\\.')}` },
    to: { path: rooms.slice(i + 1).map((above) => `^${folder}/${above.replace('.', '\\.')}`) },
  }));

/** Which folder may import which. One way only: shell → host → core → shared ← renderer. */
module.exports = {
  forbidden: [
    ...oneWay('main/core/clients', [
      'types.ts',
      'formats',
      'table',
      'files',
      'entries',
      'scan',
      'route',
      'index.ts',
    ]),
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-is-alone',
      comment: 'shared/ runs everywhere: no Node, no DOM, no other folder',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'core-knows-no-host',
      severity: 'error',
      from: { path: '^main/core/' },
      to: {
        path: [
          '^main/(host|shell|preload)/',
          '^renderer/',
          '^node_modules/(electron|electron-store)/',
          '^electron$',
        ],
      },
    },
    {
      name: 'host-knows-no-shell',
      severity: 'error',
      from: { path: '^main/host/' },
      to: {
        path: [
          '^main/(shell|preload)/',
          '^renderer/',
          '^node_modules/(electron|electron-store)/',
          '^electron$',
        ],
      },
    },
    {
      name: 'renderer-knows-only-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        path: ['^main/', '^node:', '^node_modules/(electron|ws)/', '^electron$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'renderer-uses-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'bridge-is-small',
      comment: 'a client starts the bridge for every session: it must load in an instant',
      severity: 'error',
      from: { path: '^main/host/(bridge|core-file|data-dir)' },
      to: {
        path: ['^main/core/', '^shared/', '^node_modules/'],
        // What is on the wire, which stands alone.
        pathNot: ['^main/core/codec/wire/', '^shared/base/'],
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
    {
      name: 'no-tests-in-product',
      severity: 'error',
      from: { path: '^(main|renderer|shared)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
    },
  },
};
