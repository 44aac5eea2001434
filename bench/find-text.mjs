// Measures what the search of the console asks, for texts of many kinds: the lookup (F2), the users with the text (C6) and
// the list of certificates with it (F1), one after the other, over one connection.
//   npm run bench:find-text [-- --certificates 1000000 --times 30 --data FOLDER]
// With --data, the database stays in FOLDER and is used again by the next run. Prints a table, with the pages that PostgreSQL
// read for each request (`buffers`), writes all figures to bench/results/find-text.json, and fails if an answer takes more than
// 300 ms.
import { parseArgs } from 'node:util';

import { toPem } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { median } from './support/median.mjs';
import { personOf } from './support/people.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    certificates: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '30' },
    data: { type: 'string' },
    'only-fill': { type: 'boolean', default: false },
  },
});
const TIMES = Number(options.times);
const LIMIT_MS = 300;
const CORE = '/nevisidm/api/core/v1/100';
const CLIENT = '/nevisidm/api/core/v1/clients/100';
/** Without what a server samples once. */
const READ_BUFFERS = `select coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float as buffers
  from pg_stat_statements where query !~ 'tablesample'`;

await using ending = endWithSignal();
const database = await openFilledDatabase(ending, { data: options.data, certificates: Number(options.certificates) });
const { client, postgresql, certificates: CERTIFICATES, users: USERS } = database;
if (!options['only-fill']) await measureAll();

async function measureAll() {
  const texts = await textsOf();
  const { environment, token } = await makeEnvironment(database);
  const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path, body, prefix = CORE) => {
    const start = performance.now();
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(server.url + prefix + path, init);
    const read = JSON.parse(await answer.text());
    return { milliseconds: performance.now() - start, status: answer.status, read };
  };
  const results = [];
  for (const [title, text] of texts) {
    const asked = { lookup: () => ask('/certificates/lookup', { text }) };
    if (text.length >= 3 && text.length <= 100) {
      const q = new URLSearchParams({ q: text }).toString();
      asked.users = () => ask(`/users?limit=6&${q}`, undefined, CLIENT);
      asked.list = () => ask(`/certificates?limit=20&${q}`);
    }
    for (const [route, request] of Object.entries(asked)) results.push({ title, route, ...(await times(request)) });
  }
  const machine = machineWith(postgresql);
  console.log(`\n${describeMachine(machine)}`);
  console.log(`${CERTIFICATES} certificates of ${USERS} users; each request ${TIMES} times, over one connection`);
  console.table(results);
  await writeResults('find-text', { machine, results });
  const slow = results.filter(({ max }) => max > LIMIT_MS);
  if (slow.length === 0) return;
  console.log(`More than ${LIMIT_MS} ms: ${slow.map(({ title, route }) => `${title} (${route})`).join(', ')}`);
  process.exitCode = 1;
}

async function times(request) {
  const measured = [];
  let requests = 0;
  await client.query('select pg_stat_statements_reset()');
  let status;
  let found;
  for (let time = -2; time < TIMES; time += 1) {
    const answer = await request();
    requests += 1;
    ({ status } = answer);
    found = answer.read.items?.length ?? answer.read.readings?.map((one) => one.certificates.length).join('+');
    // The first ones compile the program; what is slow then is still slow later.
    if (time >= 0 || answer.milliseconds > 1_000) measured.push(answer.milliseconds);
    if (answer.milliseconds > 1_000 && measured.length >= 3) break;
  }
  const { rows } = await client.query(READ_BUFFERS);
  const buffers = Math.round(rows[0].buffers / requests);
  return { status, found, p50: round(median(measured)), max: round(Math.max(...measured)), buffers };
}

/** Texts that people have on their clipboards or in their heads; most are of the certificate and the user number 77,777. */
async function textsOf() {
  const number = Math.min(77_777, CERTIFICATES - 1);
  const { rows } = await client.query(
    `select der, encode(sha256, 'hex') as sha256, encode(sha1, 'hex') as sha1, serial, encode(ski, 'hex') as ski,
      encode(authority_key_identifier, 'hex') as aki, encode(public_key_sha256, 'hex') as key, issuer_dn as issuer, user_ext_id as user
      from credentials where client_ext_id = '100' and ext_id = $1`,
    [`c${number}`],
  );
  const [one] = rows;
  const person = personOf(number % USERS);
  return [
    ['PEM', toPem(one.der)],
    ['DER in base64', one.der.toString('base64')],
    ['SHA-256', one.sha256],
    ['SHA-256 with colons', `SHA256 Fingerprint=${colons(one.sha256)}`],
    ['SHA-1', one.sha1],
    ['SHA-1 with colons', colons(one.sha1)],
    ['SHA-256 of the key', one.key],
    ['serial number, hex', one.serial],
    ['serial number, colons', colons(one.serial.padStart(one.serial.length + (one.serial.length % 2), '0'))],
    ['serial number, decimal', BigInt(`0x${one.serial}`).toString()],
    ['part of a serial number', one.serial.slice(-8)],
    ['subject key identifier of all', one.ski],
    ['authority key identifier of all', one.aki],
    ['subject', person.subjectDN],
    ['subject, as OpenSSL', person.subjectDN.split(',').toReversed().join(', ').replaceAll('=', ' = ')],
    ['issuer of all', one.issuer],
    ['e-mail address', person.email],
    ['login id', person.login],
    ['extId of a certificate', `c${number}`],
    ['extId of a user', one.user],
    ['reference', '7K3M9QXZ'],
    ['first and family name, common', 'Maria Müller'],
    ['first and family name, rare', 'Euphemia Xhemajli'],
    ['part of 3, common', 'mar'],
    ['part of 3, rare', 'xhe'],
    ['part of 4, common', 'meie'],
    ['part of 4, rare', 'euph'],
    ['part of 8, common', 'schneide'],
    ['part of 8, rare', 'xhemajli'],
    ['part of a number', '777'],
    ['part of all', 'acme'],
    ['domain of all', '@acme.example'],
    ['two letters', 'mü'],
    ['words in the wrong order', 'Müller Maria'],
    ['login id of nobody, rare name', 'zgraggen.maria'],
    ['letters of two words', 'a m'],
    ['end of a name, start of a number', 'r 12'],
    ['nonsense', 'qwxzjkvb'],
    ['nonsense of frequent parts', 'acme ag mar'],
    ['nonsense of frequent parts, long', 'example maria meier sales operations'],
  ];
}

function round(milliseconds) {
  return Number(milliseconds.toFixed(1));
}

function colons(hex) {
  return hex.toUpperCase().match(/../g).join(':');
}
