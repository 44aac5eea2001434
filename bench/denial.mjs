// Measures how soon gateways learn of a certificate that was disabled (contract 15.8, 15.9):
//   npm run bench:denial [-- --tries 200]
// Disables one certificate after the other, and prints the time from the answer to the PATCH until a reader that waits for
// denials has it, and until an uncached request through nginx, which asks L12, is 403. Without nginx, the latter is left
// out. Exits with 1 where the 99th percentile of the former is above one second, or where a request after the PATCH is let
// through.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { certificateMint, toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { requestsTo } from './support/requests.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { tries: TRIES } = numericOptions({ tries: 200 });
const MAX_MS = 1_000;
const USERS = 100;
const CLIENT = '/nevisidm/api/core/v1/100';
const NGINX_PORT = 18_443;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
const postgresql = await fill(database.url, mint, { users: USERS, credentials: TRIES });
const { environment, token } = await makeEnvironment(database);
const proxied = { CLIENT_CERT_HEADER: 'nginx', TRUSTED_PROXIES: '127.0.0.1' };
const server = ending.use(await startServer('certkeep', { ...environment, ...proxied }, database.dataDirectory));
const request = requestsTo(server.url + CLIENT, token);

/** nginx that lets a request through if L12 answers 204. The certificate comes in a header instead of a handshake. */
async function startNginx(folder) {
  if (spawnSync('nginx', ['-v']).status !== 0) return undefined;
  const configuration = `daemon off; pid nginx.pid; error_log error.log; worker_processes 1; events {}
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      server {
        listen 127.0.0.1:${NGINX_PORT};
        location /guarded { auth_request /check; try_files /none @passed; }
        location @passed { return 204; }
        location = /check {
          internal;
          proxy_pass ${server.url}${CLIENT}/certificate-logins/check;
          proxy_pass_request_body off;
          proxy_set_header Content-Length "";
          proxy_set_header X-SSL-Client-Cert $http_x_certificate;
        }
      }
    }`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  ending.defer(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const url = `http://127.0.0.1:${NGINX_PORT}/guarded`;
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(url)
        .then(() => true)
        .catch(() => false)
    )
      return url;
    await after(100);
  }
  throw new Error('nginx did not start.');
}

const gateway = await startNginx(database.dataDirectory);

/** The status of a request through nginx with this certificate. */
async function guarded(der) {
  const sent = { authorization: `Bearer ${token}`, 'x-certificate': encodeURIComponent(toPem(der)) };
  return (await fetch(gateway, { headers: sent })).status;
}

/** When each fingerprint was read. */
const readAt = new Map();
const reading = new AbortController();

async function readFeed({ signal }) {
  let { cursor } = await request('GET', '/certificate-denials');
  while (!signal.aborted) {
    const page = await request('GET', `/certificate-denials?after=${cursor}&waitSeconds=2`);
    for (const { fingerprint } of page.items) readAt.set(fingerprint, performance.now());
    ({ cursor } = page);
  }
}

const readAll = readFeed(reading);
await after(1_000);
const [seen, refused] = [[], []];
let letThrough = 0;
for (let number = 0; number < TRIES; number += 1) {
  const der = mint.der(number);
  const path = `/users/u${number % USERS}/certificates/c${number}`;
  if (gateway !== undefined && (await guarded(der)) !== 204) throw new Error('nginx refuses an active certificate.');
  const { fingerprint } = await request('PATCH', path, { stateName: 'disabled' });
  const answered = performance.now();
  if (gateway !== undefined) {
    if ((await guarded(der)) === 403) refused.push(performance.now() - answered);
    else letThrough += 1;
  }
  while (!readAt.has(fingerprint) && performance.now() - answered < 60_000) await after(1);
  seen.push((readAt.get(fingerprint) ?? Infinity) - answered);
  // The next PATCH comes at any point between two runs of the leader.
  await after(Math.random() * 100);
}
reading.abort();
await readAll;

const percentile = (times, part) =>
  Math.round(times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? Number.NaN);
const figures = (times) => ({ p50: percentile(times, 0.5), p99: percentile(times, 0.99), most: percentile(times, 1) });
const machine = machineWith(postgresql);
const rows = { 'PATCH answered until read from the feed (ms)': figures(seen) };
if (gateway !== undefined)
  rows['PATCH answered until 403 through nginx, the time of the request (ms)'] = figures(refused);
console.log(`\n${describeMachine(machine)}; ${TRIES} tries`);
console.table(rows);
const met = figures(seen).p99 <= MAX_MS && letThrough === 0;
console.log(`${met ? '✓' : '✗'} p99 at most ${MAX_MS} ms, and ${letThrough} requests let through after the PATCH`);
await writeResults('denial', { machine, TRIES, rows, letThrough });
process.exitCode = met ? 0 : 1;
