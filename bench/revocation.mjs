// What a large CRL costs: made, read by the worker thread, checked and searched. Figures only; there is no limit.
//   npm run bench:revocation [-- --entries 1000000]
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

import { numericOptions } from './support/numeric-options.mjs';

const { entries: ENTRIES } = numericOptions({ entries: 1_000_000 });
const LOOKUPS = 100_000;
const MIB = 1024 * 1024;

const folder = join(import.meta.dirname, '..', 'dist', 'src', 'trust', 'revocation');
const { CrlReader } = await import(join(folder, 'crl-reader.js'));

function tlv(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(length);
  const significant = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 | significant.length), significant, content]);
}

const time = (text) => tlv(0x17, Buffer.from(text));
const ECDSA = Buffer.from('300a06082a8648ce3d040302', 'hex');
const NAME = tlv(0x30, tlv(0x31, tlv(0x30, Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from('Bench')))));

/** Serial numbers of 16 octets, as CAs choose them; each entry has 35 octets. */
function makeCrl() {
  const head = Buffer.from('30210210', 'hex');
  const date = time('260401000000Z');
  const size = head.length + 16 + date.length;
  const entries = Buffer.alloc(size * ENTRIES);
  const serials = randomBytes(16 * ENTRIES);
  for (let index = 0; index < ENTRIES; index += 1) {
    const start = index * size;
    head.copy(entries, start);
    serials[index * 16] = 0x01 | (serials[index * 16] & 0x7f);
    serials.copy(entries, start + head.length, index * 16, index * 16 + 16);
    date.copy(entries, start + head.length + 16);
  }
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const version = Buffer.from('020101', 'hex');
  const signedPart = tlv(0x30, version, ECDSA, NAME, time('260501000000Z'), time('270101000000Z'), tlv(0x30, entries));
  const signature = sign('sha256', signedPart, keys.privateKey);
  return { der: tlv(0x30, signedPart, ECDSA, tlv(0x03, Buffer.of(0), signature)), keys, serials };
}

const seconds = (from) => ((performance.now() - from) / 1000).toFixed(2);
const memory = () => Math.round(process.memoryUsage().rss / MIB);

const { der, keys, serials } = makeCrl();
console.log(`a CRL of ${ENTRIES} entries, ${(der.length / MIB).toFixed(1)} MiB`);
const before = memory();
const reader = new CrlReader();
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let peak = before;
const sampling = setInterval(() => (peak = Math.max(peak, memory())), 20);
const began = performance.now();
const own = Buffer.from(new Uint8Array(der).buffer);
const read = await reader.read('bench', () => Promise.resolve(own));
const took = seconds(began);
clearInterval(sampling);
delays.disable();
if (read.value === undefined) throw new Error(read.problems.join());
const { crl } = read.value;
console.log(`read in ${took} s by the worker thread, started for it`);
console.log(`memory of the process: ${before} MiB before, ${peak} MiB at most (both with the CRL that was made)`);
console.log(`the main thread was busy for ${(delays.max / 1e6).toFixed(1)} ms at most`);

const searching = performance.now();
for (let index = 0; index < LOOKUPS; index += 1) {
  const number = (index * 7919) % ENTRIES;
  const serial = serials.subarray(number * 16, number * 16 + 16);
  if (crl.find(crl.issuerKey, serial) === undefined) throw new Error(`entry ${number} was not found`);
}
console.log(`found in ${(((performance.now() - searching) * 1000) / LOOKUPS).toFixed(1)} µs each`);

/** The time of the processor, since the hash keeps the main thread from everything else. */
for (const digest of ['sha256', 'sha384']) {
  const part = der.subarray(0, 10 * MIB);
  const signature = sign(digest, part, keys.privateKey);
  const start = process.cpuUsage();
  verify(digest, part, keys.publicKey, signature);
  const { user, system } = process.cpuUsage(start);
  const size = (part.length / MIB).toFixed(0);
  console.log(`a signature with ${digest} over ${size} MiB is checked in ${((user + system) / 1000).toFixed(1)} ms`);
}
await reader.close();
