import { toPem } from './certificates.mjs';
import { bodiesOf, makeKeyStoreFile } from './key-store-files.mjs';
import { personOf } from './people.mjs';

const CORE = '/nevisidm/api/core/v1/100';
/** An account has at most 1,000 key stores. */
const ACCOUNTS = 100;
const STORE_OCTETS = 4 * 1024;
const PAGE = 20;
/** Of the certificates that are logged in with and searched for. */
const SAMPLES = 5_000;
/** Prime, so that all are used, and successive ones are far apart in the table. */
const STRIDE = 611_953;
/** Of requests that may be repeated during one measurement. */
const REPEATED = 50_000;

/**
 * The routes that are measured. `requests` makes as many requests as a measurement of some seconds may need: those that
 * change something are all different, also from those of earlier measurements. `bars` are about certkeep at 16
 * connections: the least share of the rate of another server, and the most processor time of a request in that of bare's.
 */
export const ROUTES = {
  get: {
    title: 'GET certificate',
    servers: ['certkeep', 'bare', 'documented'],
    bars: { bare: 0.7, documented: 2, processor: 1.6 },
  },
  comment: {
    title: 'PATCH comment',
    servers: ['certkeep', 'bare', 'documented'],
    perSecond: 6_000,
    bars: { bare: 0.85 },
  },
  certificate: {
    title: 'PATCH certificate',
    servers: ['certkeep', 'bare', 'documented'],
    perSecond: 4_000,
    bars: { bare: 0.8, documented: 3.5, processor: 1.6 },
  },
  first: { title: `list, first page of ${PAGE}` },
  last: { title: `list, last page of ${PAGE}` },
  search: { title: 'search with q' },
  lookup: { title: 'lookup of a fingerprint' },
  login: { title: 'certificate login' },
  explain: { title: 'explain' },
  store: { title: 'key store save', status: 201, perSecond: 1_500 },
};

/** Accounts of its own for each run, as a database may be used again. */
export async function addAccounts(client) {
  const run = Date.now().toString(36);
  const { rows } = await client.query(
    `insert into clients (ext_id, generation, name, version, created, last_modified)
      select 'a' || $1::text || '-' || n, gen_random_uuid(), 'account ' || $1::text || '-' || n, 1, now(), now()
      from generate_series(1, $2::integer) n returning ext_id`,
    [run, ACCOUNTS],
  );
  return rows.map(({ ext_id: extId }) => extId);
}

/** What makes the requests of each route, for a database of `openFilledDatabase`. */
export async function requestsOf({ client, dataDirectory, certificates, users }, { token, mint, accounts }) {
  const headers = { authorization: `Bearer ${token}` };
  const json = (method, path, body) => ({
    method,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const get = (path) => ({ method: 'GET', path, headers });
  // Certificates of the first half stay as they are, so that they can be logged in with.
  const half = Math.floor(certificates / 2);
  const pathOf = (number) => `${CORE}/users/u${number % users}/certificates/c${number}`;
  const changed = (number) => pathOf(half + ((number * STRIDE) % half));
  const samples = await readSamples(client, half);
  const sample = (number) => samples[number % samples.length];
  const list = `${CORE}/certificates?limit=${PAGE}`;
  const last = `${list}&continuationToken=${encodeURIComponent(await lastToken(client))}`;
  const store = bodiesOf(await makeKeyStoreFile(dataDirectory, mint, STORE_OCTETS, Math.ceil)).json;
  const make = {
    get: (number) => get(pathOf((number * STRIDE) % half)),
    comment: (number) => json('PATCH', changed(number), { modificationComment: `Renewed by ticket ${number}` }),
    certificate: (number) =>
      json('PATCH', changed(number), { certificate: toPem(mint.der((certificates + number) % 2 ** 32)) }),
    first: () => get(list),
    last: () => get(last),
    search: (number) => get(`${list}&q=${personOf((number * STRIDE) % half).login}`),
    lookup: (number) => json('POST', `${CORE}/certificates/lookup`, { text: sample(number).fingerprint }),
    login: (number) => json('POST', `${CORE}/certificate-logins`, { certificate: sample(number).pem }),
    explain: (number) => json('POST', `${CORE}/certificates/explain`, { certificate: sample(number).pem }),
    store(number) {
      const { headers: own, body } = store(`store-${number}`);
      const path = `/mtls/account/${accounts[number % accounts.length]}/certificates`;
      return { method: 'POST', path, headers: { ...headers, ...own }, body };
    },
  };
  let made = 0;
  return (route, seconds) => {
    const { perSecond } = ROUTES[route];
    return Array.from({ length: perSecond === undefined ? REPEATED : perSecond * seconds }, () => {
      made += 1;
      return make[route](made);
    });
  };
}

async function readSamples(client, half) {
  const count = Math.min(SAMPLES, half);
  const names = Array.from({ length: count }, (_, index) => `c${(index * STRIDE) % half}`);
  const { rows } = await client.query(
    `select der, encode(sha256, 'hex') as fingerprint from credentials where client_ext_id = '100' and ext_id = any($1)`,
    [names],
  );
  return rows.map(({ der, fingerprint }) => ({ pem: toPem(der), fingerprint }));
}

/** What the page before the last full one would name; asking for all pages would take long. */
async function lastToken(client) {
  const { rows } = await client.query(
    `select created, ext_id from credentials where client_ext_id = '100' and type = 'Certificate'
      order by created desc, ext_id desc offset $1 limit 1`,
    [PAGE],
  );
  return `${rows[0].created.getTime()}_${rows[0].ext_id}`;
}
