// The direction of imports: conformance -> src -> model, and inside src from the top of this table to its bottom.
const mayImport = {
  cli: ['explorer', 'bench', 'corpus', 'convert', 'report', 'prove', 'check', 'trace', 'engine'],
  corpus: ['report', 'trace', 'engine'],
  convert: ['check', 'trace'],
  explorer: ['report', 'check', 'trace', 'engine'],
  bench: ['report', 'check', 'trace', 'engine'],
  report: ['check', 'trace', 'engine'],
  check: ['trace', 'engine'],
  prove: ['engine'],
  trace: [],
  engine: [],
};

const test = '\\.test\\.ts$';
const face = '^src/index\\.ts$';
// Files directly in src, such as its errors, are the ground that all folders stand on.
const ground = '^src/(?!index\\.ts$)[^/]+\\.ts$';
const nodeOnlyEngine = '^src/engine/(worker[^/]*|[^/]*-node)\\.ts$';

const folderRules = Object.entries(mayImport).map(([folder, targets]) => ({
  name: `direction-of-src-${folder}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: test },
  to: {
    path: '^src/',
    pathNot: [ground, `^src/(${[folder, ...targets].join('|')})/`, ...(folder === 'cli' ? [face] : [])],
  },
}));

const rules = [
  {
    name: 'no-circular',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'spec-imports-nothing',
    from: { path: '^spec/' },
    to: {},
  },
  {
    name: 'model-imports-model-only',
    from: { path: '^model/', pathNot: test },
    to: { pathNot: '^model/' },
  },
  {
    name: 'no-node-in-portable-code',
    comment: 'The teaching page runs this code in a browser.',
    from: { path: '^(model|src/(engine|check|explorer))/', pathNot: [test, nodeOnlyEngine] },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'conformance-imports-the-face-only',
    from: { path: '^conformance/', pathNot: test },
    to: { pathNot: ['^conformance/', '(^|/)node_modules/', face], dependencyTypesNot: ['core'] },
  },
  {
    name: 'src-does-not-import-conformance',
    from: { path: '^src/', pathNot: [test, '^src/cli/'] },
    to: { path: '^conformance/' },
  },
  {
    name: 'cli-imports-the-face-of-conformance',
    from: { path: '^src/cli/', pathNot: test },
    to: { path: '^conformance/', pathNot: '^conformance/index\\.ts$' },
  },
  {
    name: 'src-imports-neither-data-nor-tools',
    from: { path: '^src/', pathNot: test },
    to: { path: '^(traces|\\.ci)/' },
  },
  {
    name: 'ground-of-src-imports-model-only',
    from: { path: ground, pathNot: test },
    to: { path: '^src/', pathNot: ground },
  },
  {
    name: 'face-of-src-hides-the-programs',
    from: { path: face },
    to: { path: '^src/(cli|bench|explorer)/' },
  },
  {
    name: 'folder-of-src-has-a-place',
    comment: 'Add a new folder to the table above.',
    from: { path: '^src/[^/]+/', pathNot: [test, `^src/(${Object.keys(mayImport).join('|')})/`] },
    to: {},
  },
  {
    name: 'tests-are-not-imported',
    from: { pathNot: test },
    to: { path: test },
  },
  {
    name: 'shipped-code-needs-shipped-packages',
    from: { path: '^(model|src|conformance)/', pathNot: [test, '^src/bench/', '^conformance/adapters/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
];

module.exports = {
  forbidden: [...rules.map((rule) => ({ severity: 'error', ...rule })), ...folderRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types have a direction too.
    tsPreCompilationDeps: true,
  },
};
