// Compares reading a certificate with the parser of node:crypto on the same certificate, in one run:
//   npm run build && node bench/reading.mjs [--json]
// Limits: at most 3 times the parse for the names, fingerprint, serial, key identifier and validity, at most 6 times for
// every searchable column and all members that a policy needs. Exits with 1 where a median is above its limit.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { json: { type: 'boolean' } } });
const root = join(import.meta.dirname, '..');
const load = (path) => import(join(root, 'dist', 'src', path));
const { readCertificate } = await load('x509/certificate/read-certificate.js');
const { readPem } = await load('x509/certificate/pem.js');
const { colonHex } = await load('x509/certificate/colon-hex.js');
const { formatName } = await load('x509/name/format-name.js');
const { searchColumns } = await load('certificates/search-columns.js');

const ROUNDS = 31;
const CALLS = 100;
const PER_KEY_TYPE = 10;
const LIMITS = { fields: 3, columns: 6, withFindings: undefined };

const text = (name) => name && formatName(name);
const hex = (bytes) => bytes && colonHex(bytes);

function fields({ certificate: c }) {
  return [
    text(c.subject),
    text(c.issuer),
    hex(c.sha256),
    c.serial,
    hex(c.subjectKeyIdentifier),
    c.notBefore,
    c.notAfter,
  ];
}

function columns(result) {
  const { certificate: c } = result;
  return [...fields(result), hex(c.sha1), searchColumns(c), c.publicKey, c.hasSubjectAlternativeName];
}

const readers = {
  parse: (der) => new X509Certificate(der),
  fields: (der) => fields(readCertificate(der)),
  columns: (der) => columns(readCertificate(der)),
  withFindings: (der) => {
    const result = readCertificate(der);
    return [columns(result), result.certificate.findings];
  },
};

/** Only certificates that every parser accepts. */
async function certificatesByKeyType() {
  const folder = join(root, 'test', 'fixtures', 'certificates');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const byType = { RSA: [], EC: [] };
  for (const entry of manifest.filter((candidate) => candidate.class === 'wellformed')) {
    const file = await readFile(join(folder, entry.file));
    const der = entry.format === 'der' ? file : readPem(file.toString('latin1')).der;
    byType[readCertificate(der).certificate.publicKey.type]?.push(der);
  }
  return Object.entries(byType).map(([type, ders]) => [type, ders.slice(0, PER_KEY_TYPE)]);
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Microseconds a call. The readers take turns, so that a slow phase of the machine affects all of them. */
function measure(der) {
  const times = Object.fromEntries(Object.keys(readers).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(readers)) {
      const start = performance.now();
      for (let call = 0; call < CALLS; call += 1) run(der);
      times[name].push(((performance.now() - start) * 1000) / CALLS);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, rounds]) => [name, median(rounds)]));
}

const report = [];
for (const [type, ders] of await certificatesByKeyType()) {
  measure(ders[0]); // warm up
  const measured = ders.map(measure);
  for (const name of Object.keys(readers)) {
    const times = median(measured.map((one) => one[name])).toFixed(1);
    const ratio = median(measured.map((one) => one[name] / one.parse)).toFixed(2);
    report.push({ keys: type, what: name, microseconds: Number(times), ratio: Number(ratio), limit: LIMITS[name] });
  }
}
const machine = `${cpus()[0]?.model}, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
if (options.json) console.log(JSON.stringify({ machine, report }, undefined, 2));
else {
  console.log(machine);
  console.table(report);
}
if (report.some(({ ratio, limit }) => limit !== undefined && ratio > limit)) process.exitCode = 1;
