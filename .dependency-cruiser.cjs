/** Which folder may import which. One way only: shell → host → core → shared ← renderer. */
module.exports = {
  forbidden: [
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
      name: 'policy-rooms-language',
      comment: 'language ← judge ← draft ← documents, simulate; import knows the language only',
      severity: 'error',
      from: { path: '^main/core/policy/(language|import)/([^/]+)' },
      to: {
        path: '^main/core/policy/(judge|draft|documents|simulate|import)/',
        pathNot: '^main/core/policy/$1/',
      },
    },
    {
      name: 'policy-rooms-judge',
      severity: 'error',
      from: { path: '^main/core/policy/judge/' },
      to: { path: '^main/core/policy/(draft|documents|simulate|import)/' },
    },
    {
      name: 'policy-rooms-draft',
      severity: 'error',
      from: { path: '^main/core/policy/draft/' },
      to: { path: '^main/core/policy/(documents|simulate|import)/' },
    },
    {
      name: 'policy-rooms-ends',
      comment: 'nothing of policy stands on documents or simulate',
      severity: 'error',
      from: { path: '^main/core/policy/(documents|simulate)/' },
      to: { path: '^main/core/policy/(documents|simulate|import)/', pathNot: '^main/core/policy/$1/' },
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
