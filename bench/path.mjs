// Compares the validation of a path with the signature checks that it cannot do without, in one run:
//   npm run bench:path [-- --json]
// A leaf below two intermediates and an anchor, ECDSA P-256: three signatures. Limit, with a set that is loaded: twice
// the three checks, plus reading the leaf. Exits with 1 above the limit.
import { verify } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { issue as issueFor } from './support/authority.mjs';
import { median } from './support/median.mjs';

const { values: options } = parseArgs({ options: { json: { type: 'boolean' } } });
const load = (path) => import(join(import.meta.dirname, '..', 'dist', 'src', 'x509', path));
const { readCertificate } = await load('certificate/read-certificate.js');
const { findPath } = await load('path/find-path.js');
const { productionParameters } = await load('path/path-parameters.js');
const { prepareAnchors } = await load('path/prepared-anchors.js');
const { PreparedCertificate } = await load('path/prepared-certificate.js');

const ROUNDS = 31;
const LEAVES = 50;
const LIMIT = 1;

const parameters = productionParameters(new Date('2026-06-01T00:00:00Z'));

const VALIDITY = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
const issue = async (name, issuer, isCa) => await issueFor(name, issuer, isCa, VALIDITY);

const root = await issue('Root', undefined, true);
const upper = await issue('Upper', root, true);
const lower = await issue('Lower', upper, true);
const leaves = [];
for (let index = 0; index < LEAVES; index += 1) leaves.push(await issue(`Leaf ${index}`, lower, false));

const read = ({ der }) => readCertificate(der).certificate;
const prepare = () => prepareAnchors([read(root)], [read(upper), read(lower)]);
const loaded = prepare();
const keys = [lower, upper, root].map((issued) => new PreparedCertificate(read(issued), false).workingKey().object);

function prove(leaf, set) {
  const result = findPath(leaf, set, parameters);
  if (!result.proven || result.path.length !== 4) throw new Error('not proven');
}

const checked = [read(lower), read(upper)];
const work = {
  readLeaf: (leaf) => read(leaf),
  threeSignatures: (leaf) => {
    for (const [index, { structure }] of [read(leaf), ...checked].entries()) {
      if (!verify('sha256', structure.tbsCertificate, keys[index], structure.signatureValue))
        throw new Error('invalid');
    }
  },
  loadedSet: (leaf) => prove(read(leaf), loaded),
  newSet: (leaf) => prove(read(leaf), prepare()),
};

/** Microseconds a leaf. The kinds of work take turns, so that a slow phase of the machine affects all of them. */
const times = Object.fromEntries(Object.keys(work).map((name) => [name, []]));
for (let round = -3; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(work)) {
    const start = performance.now();
    for (const leaf of leaves) run(leaf);
    if (round >= 0) times[name].push(((performance.now() - start) * 1000) / LEAVES);
  }
}

const microseconds = Object.fromEntries(Object.entries(times).map(([name, rounds]) => [name, median(rounds)]));
const { readLeaf, threeSignatures } = microseconds;
const allowed = 2 * (threeSignatures - readLeaf) + readLeaf;
const report = Object.entries(microseconds).map(([what, time]) => ({
  what,
  microseconds: Number(time.toFixed(1)),
  ratio: Number((time / allowed).toFixed(2)),
  limit: what === 'loadedSet' ? LIMIT : undefined,
}));
const machine = `${cpus()[0]?.model}, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
if (options.json) console.log(JSON.stringify({ machine, allowed, report }, undefined, 2));
else {
  console.log(`${machine}; ratio 1 is twice the signature checks plus reading the leaf`);
  console.table(report);
}
if (report.some(({ ratio, limit }) => limit !== undefined && ratio > limit)) process.exitCode = 1;
