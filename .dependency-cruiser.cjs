/**
 * Which feature of the interface may use which others, besides its own folder and `features/shared/`. One way only, so
 * that a feature can be read and changed without the rest: what two of them need goes into `features/shared/` (facts
 * about the product in words and colours) or `ui/` (nothing about the product).
 */
const FEATURE_USES = {
  // A recorded, missed or waiting call can be made into a rule.
  activity: ['rules'],
  approvals: ['rules'],
  missed: ['rules'],
  // The overview and the first run are put together from the other features.
  overview: ['clients', 'policies', 'rules'],
  // A server's page has its policy as a tab.
  servers: ['policies'],
};

/** One rule for each feature of the list, and one for all others. */
const featureRules = [
  ...Object.entries(FEATURE_USES).map(([feature, uses]) => ({
    name: `feature-${feature}-uses`,
    comment: `${feature} may use ${uses.join(', ')}; see FEATURE_USES`,
    severity: 'error',
    from: { path: `^renderer/features/${feature}/` },
    to: {
      path: '^renderer/features/',
      pathNot: `^renderer/features/(${[feature, 'shared', ...uses].join('|')})/`,
    },
  })),
  {
    name: 'features-stand-alone',
    comment: 'a feature that is not in FEATURE_USES, and features/shared, use no other feature',
    severity: 'error',
    from: {
      path: '^renderer/features/([^/]+)/',
      pathNot: `^renderer/features/(${Object.keys(FEATURE_USES).join('|')})/`,
    },
    to: { path: '^renderer/features/', pathNot: '^renderer/features/($1|shared)/' },
  },
  {
    name: 'features-know-no-app',
    comment: 'app/ puts the features together: pages, navigation, palette, keys',
    severity: 'error',
    from: { path: '^renderer/(features|ui|client)/' },
    to: { path: '^renderer/(app/|main)' },
  },
  {
    name: 'ui-knows-no-feature',
    comment: 'ui/ and client/ know nothing of what the product does',
    severity: 'error',
    from: { path: '^renderer/(ui|client)/' },
    to: { path: '^renderer/features/' },
  },
  {
    name: 'client-draws-nothing',
    severity: 'error',
    from: { path: '^renderer/client/' },
    to: { path: '^renderer/ui/' },
  },
];
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
    {
      name: 'codec-stands-alone',
      comment: 'bytes and JSON-RPC, nothing of what the product does with them',
      severity: 'error',
      from: { path: '^main/core/codec/' },
      to: { path: '^main/core/', pathNot: '^main/core/codec/' },
    },
    {
      name: 'gateway-and-rpc-are-on-top',
      comment: 'no part of the core knows who uses it; rpc/watch.ts and assemble.ts join the parts',
      severity: 'error',
      from: {
        path: '^main/core/',
        pathNot: '^main/core/(gateway|rpc)/|^main/core/(assemble|create-core|parts)\\.ts$',
      },
      to: { path: '^main/core/(gateway|rpc)/|^main/core/(assemble|create-core|parts)\\.ts$' },
    },
    {
      name: 'gateway-knows-no-rpc-and-no-clients-files',
      severity: 'error',
      from: { path: '^main/core/gateway/' },
      to: { path: '^main/core/(rpc|clients|risk)/' },
    },
    ...oneWay('main/core/gateway', [
      'http',
      'streams',
      'upstream',
      'call',
      'modern',
      'legacy',
      'aggregate',
      'endpoints',
    ]),
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
      },
    },
    {
      name: 'renderer-uses-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    ...featureRules,
    {
      name: 'bridge-is-small',
      comment: 'a client starts the bridge for every session: it must load in an instant',
      severity: 'error',
      from: { path: '^main/host/(bridge|data-folder/(core-file|data-dir)|node/core-flags)' },
      to: {
        path: ['^main/core/', '^shared/', '^node_modules/'],
        // What is on the wire, which stands alone.
        pathNot: ['^main/core/codec/wire/', '^shared/base/'],
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    {
      name: 'commands-load-no-core',
      comment: 'with a running core a command answers at once: the core is loaded only where one is needed',
      severity: 'error',
      from: { path: '^main/host/cli/', pathNot: '^main/host/cli/own-core' },
      to: {
        path: ['^main/core/', '^main/host/run-core', '^main/host/cli/own-core'],
        pathNot: '^main/core/base/',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
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
