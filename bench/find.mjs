// Measures F1 on many certificates of one client: the first and the last page of each filter by equality, and q, beside
// reading one certificate by its key (X3); and the rate of registering (X2) with and without the indexes of searches.
//   npm run bench:find [-- --certificates 1000000 --times 200 --registrations 2000]
// Prints a table and writes all figures to bench/results/find.json.
import pg from 'pg';

import { SEARCH_INDEXES } from '../dist/src/database/search-indexes.js';
import { certificateMint, toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const {
  certificates: CERTIFICATES,
  times: TIMES,
  registrations: REGISTRATIONS,
} = numericOptions({ certificates: 1_000_000, times: 200, registrations: 2_000 });
const USERS = Math.max(1_000, CERTIFICATES / 10);
const WARM_UP = 200;
const CORE = '/nevisidm/api/core/v1/100';

/** Each in a hundred thousand has a key of its own; half are of one key type, a tenth of one issuer. */
const DESCRIBE = `update credentials c set created = timestamptz '2026-01-01' + n * interval '1 millisecond',
    key_type = case when n % 2 = 0 then 'RSA:2048' else 'EC:P-256' end, public_key_sha256 = sha256(n::text::bytea),
    signature_algorithm = case when n % 10 = 0 then 'ED25519' else 'sha256WithRSAEncryption' end,
    subject_alternative_names = array['email:user' || n || '@bench.example'], key_usage = array['digitalSignature'],
    extended_key_usage = array['1.3.6.1.5.5.7.3.2'], authority_key_identifier = substring(sha256((n % 10)::text::bytea), 1, 20),
    ski = substring(sha256(n::text::bytea), 1, 20), described_sha256 = sha256,
    subject_name_sha256 = sha256(('s' || n)::bytea), issuer_name_sha256 = sha256(('i' || n % 10)::bytea),
    searched_text = lower(serial) || E'\\ncn=user ' || n || ',ou=users,o=bench ag,c=ch\\nuser' || n || '@bench.example'
  from (select client_ext_id as client, ext_id as id, substring(ext_id, 2)::integer as n from credentials) as numbered
  where client = c.client_ext_id and id = c.ext_id`;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
console.log(`Inserting ${CERTIFICATES} certificates of ${USERS} users …`);
const postgresql = await fill(database.url, mint, { users: USERS, credentials: CERTIFICATES });
const client = new pg.Client({ connectionString: database.url });
await client.connect();
await indexes('drop');
await client.query(DESCRIBE);
await client.query('vacuum full analyze credentials');
// Another server holds the lease, so that nothing is done in the background during a measurement.
await client.query(`insert into leases (name, holder, until)
  values ('background', gen_random_uuid(), now() + interval '1 day')`);
const { environment, token } = await makeEnvironment(database);

const registering = {};
console.log('Registering without the indexes …');
registering.without = await register(CERTIFICATES);
console.log('Building the indexes …');
await indexes('create');
await client.query('vacuum analyze');
await client.query('checkpoint');
registering.with = await register(CERTIFICATES + REGISTRATIONS + WARM_UP);

const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const digest = async (text) => (await client.query(`select encode(sha256($1), 'hex') as hex`, [text])).rows[0].hex;
const byKey = await measure('X3, one certificate', `${CORE}/users/u7/certificates/c7`);
const searches = [
  ['no filter', ''],
  ['policyExtId', 'policyExtId=default'],
  ['userExtId', 'userExtId=u7'],
  ['serial', `serial=${(await client.query(`select serial from credentials where ext_id = 'c77'`)).rows[0].serial}`],
  [
    'fingerprint',
    `fingerprint=${(await client.query(`select encode(sha1, 'hex') as hex from credentials where ext_id = 'c77'`)).rows[0].hex}`,
  ],
  ['publicKeySha256', `publicKeySha256=${await digest('77')}`],
  ['authorityKeyIdentifier', `authorityKeyIdentifier=${(await digest('7')).slice(0, 40)}`],
  ['keyType', 'keyType=EC:P-256'],
  ['signatureAlgorithm', 'signatureAlgorithm=ED25519'],
  ['extendedKeyUsage', 'extendedKeyUsage=clientAuth'],
  ['san', 'san=email:user77@bench.example'],
  ['q, one', 'q=user77@bench'],
  ['q, some', 'q=user 77'],
  ['q, most', 'q=bench'],
  ['q, none', 'q=nobody at all'],
  ['san and keyType', 'san=email:user77@bench.example&keyType=EC:P-256'],
  ['keyType and issuer without a match', 'keyType=RSA:2048&signatureAlgorithm=none'],
  ['stateName without a match', 'stateName=disabled'],
];
const results = [byKey];
for (const [title, query] of searches) {
  const path = `${CORE}/certificates?limit=20&${query}`;
  results.push(await measure(title, path));
  const last = await lastPage(path);
  if (last !== undefined) results.push(await measure(`${title}, last page`, last));
}
await client.end();

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${CERTIFICATES} certificates, pages of 20, medians of ${TIMES} requests, one connection`);
console.table(
  Object.fromEntries(
    results.map(({ title, status, milliseconds }) => [
      title,
      { status, ms: milliseconds, 'of X3': Number((milliseconds / byKey.milliseconds).toFixed(1)) },
    ]),
  ),
);
const ratio = Number((registering.with / registering.without).toFixed(2));
console.log(`Registering: ${registering.without}/s without the indexes, ${registering.with}/s with them: ${ratio}`);
await writeResults('find', { machine, results, registering });

async function indexes(verb) {
  for (const { name, on } of SEARCH_INDEXES) {
    await client.query(verb === 'drop' ? `drop index if exists ${name}` : `create index ${name} ${on}`);
  }
}

/** Registers certificates over four connections; returns how many a second. */
async function register(first) {
  await using one = await startServer('certkeep', environment, database.dataDirectory);
  // The first ones compile the program.
  for (let number = 0; number < WARM_UP; number += 1) await post(one, first + REGISTRATIONS + number);
  const start = performance.now();
  let next = first;
  const work = async () => {
    for (let number = next++; number < first + REGISTRATIONS; number = next++) await post(one, number);
  };
  await Promise.all([work(), work(), work(), work()]);
  return Math.round((REGISTRATIONS / (performance.now() - start)) * 1_000);
}

async function post({ url }, number) {
  const answer = await fetch(`${url}${CORE}/users/u${number % USERS}/certificates`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ certificate: toPem(mint.der(number)) }),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`${answer.status} ${text.slice(0, 500)}`);
}

async function measure(title, path) {
  const times = [];
  let status;
  for (let time = -10; time < TIMES; time += 1) {
    const start = performance.now();
    const answer = await get(path);
    const milliseconds = performance.now() - start;
    ({ status } = answer);
    if (time >= 0) times.push(milliseconds);
    // One that takes two seconds need not be measured often.
    if (milliseconds > 500 && times.length >= 3) break;
  }
  return { title, status, milliseconds: Number(median(times).toFixed(2)) };
}

/** The page after a token near the end; undefined if there is only one page. */
async function lastPage(path) {
  const { body } = await get(path);
  const continuation = body['_pagination']?.continuationToken;
  if (continuation === undefined) return undefined;
  const isNewestFirst = path.includes('&q=');
  const created = Date.parse('2026-01-01T00:00:00Z') + (isNewestFirst ? 1_000 : CERTIFICATES - 1_000);
  return `${path}&continuationToken=${created}_c`;
}

async function get(path) {
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
