// Measures an import: lines a second, and the memory of the server, for new users with a certificate each, for the same
// file again, and for its dry run; and the exports of what has been imported.
//   npm run bench:import [-- --lines 100000]
// Prints a table and writes all figures to bench/results/import.json. The bars: 1,000 new lines a second, and a memory
// that does not grow with the number of lines.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { certificateMint, toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { highestWhile, residentMegabytes } from './support/resident.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({ options: { lines: { type: 'string', default: '100000' } } });
const LINES = Number(options.lines);
const CORE = '/nevisidm/api/core/v1';
const NDJSON = 'application/x-ndjson';
/** `fill` inserts certificates in batches, so more than it is asked for. */
const FIRST_CERTIFICATE = 1_000_000;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
const postgresql = await fill(database.url, mint, { users: 1, credentials: 1 });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const authorization = `Bearer ${token}`;

const results = [];
const memoryAtStart = await residentMegabytes(server.pid);
results.push(await measure('new users with certificates', async () => await importFile()));
results.push(await measure('the same file again', async () => await importFile()));
results.push(await measure('a dry run of it', async () => await dryRun()));
results.push(await measure('export of users, CSV', async () => await exported(`/clients/100/users`, 'text/csv')));
results.push(await measure('export of certificates, CSV', async () => await exported(`/100/certificates`, 'text/csv')));
console.table(results);
console.log(`${LINES} lines, ${cpus()[0].model}, ${cpus().length} cores, PostgreSQL ${postgresql}`);
console.log(`Memory of the server before: ${memoryAtStart} MB`);
await mkdir(join(import.meta.dirname, 'results'), { recursive: true });
const figures = { lines: LINES, memoryAtStart, results };
await writeFile(join(import.meta.dirname, 'results', 'import.json'), `${JSON.stringify(figures, null, 2)}\n`);

async function measure(name, work) {
  const begin = performance.now();
  let counts = {};
  const highestMegabytes = await highestWhile(
    work().then((found) => (counts = found)),
    async () => await residentMegabytes(server.pid),
  );
  const seconds = (performance.now() - begin) / 1000;
  return {
    name,
    seconds: Math.round(seconds * 10) / 10,
    linesPerSecond: Math.round(LINES / seconds),
    highestMegabytes,
    ...counts,
  };
}

async function* file() {
  for (let number = 1; number <= LINES; number += 1) {
    yield `${JSON.stringify({
      userExtId: `new-${number}`,
      loginId: `new${number}`,
      name: { firstName: `First${number}`, familyName: `Family${number}` },
      contacts: { email: `new${number}@bench.example` },
      certificate: toPem(mint.der(FIRST_CERTIFICATE + number)),
      certificateExtId: `cert-${number}`,
      stateName: 'active',
    })}\n`;
  }
}

async function post(query) {
  const response = await fetch(`${server.url}${CORE}/100/import${query}`, {
    method: 'POST',
    headers: { authorization, 'content-type': NDJSON },
    body: ReadableStream.from(encoded(file())),
    duplex: 'half',
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

async function* encoded(pieces) {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}

async function importFile() {
  const begin = performance.now();
  const response = await post('');
  const loadingSeconds = Math.round((performance.now() - begin) / 100) / 10;
  await response.text();
  const path = response.headers.get('location');
  for (;;) {
    const { status, changed, unchanged, refused } = await (
      await fetch(server.url + path, { headers: { authorization } })
    ).json();
    // Refused lines are changed by nobody, so that their rate would say nothing.
    if (refused > 0) throw new Error(`A line was refused: ${await firstRefused(path)}`);
    if (status === 'completed') return { loadingSeconds, changed, unchanged };
    await after(200);
  }
}

async function firstRefused(path) {
  const lines = await (await fetch(server.url + path, { headers: { authorization, accept: NDJSON } })).text();
  return lines.split('\n').find((line) => line.includes('"refused"'));
}

async function dryRun() {
  const response = await post('?dryRun=true');
  let last = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) last = (last + chunk).slice(-2_000);
  const { changed, unchanged, refused } = JSON.parse(last.trimEnd().split('\n').at(-1));
  return { changed, unchanged, refused };
}

async function exported(path, accept) {
  const response = await fetch(server.url + CORE + path, { headers: { authorization, accept } });
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response.body) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { megabytes: Math.round(bytes / 1e6) };
}
