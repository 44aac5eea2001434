import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';
import { CORE, send } from './support/http.js';
import { issueCertificate } from './support/pki.js';

// An administrator has set other defaults for the database than PostgreSQL's own: nothing is written or read differently.

const DEFAULTS = {
  datestyle: 'German, DMY',
  intervalstyle: 'iso_8601',
  timezone: 'Australia/Lord_Howe',
  standard_conforming_strings: 'off',
  default_transaction_isolation: 'serializable',
  client_min_messages: 'error',
  bytea_output: 'escape',
};

let app: TestApp;
let token: string;

async function setDefaults(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const database = new URL(url).pathname.slice(1);
  for (const [name, value] of Object.entries(DEFAULTS)) {
    await client.query(`alter database ${database} set ${name} = '${value}'`);
  }
  await client.end();
  return url;
}

beforeAll(async () => {
  app = await startApp({}, setDefaults);
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  await builders.user('100', 'helper-7', { firstName: 'Jane', familyName: 'Doe' });
  token = await app.token();
});

afterAll(async () => await app.close());

const certificates = `${CORE}/100/users/helper-7/certificates`;

const ask = async (method: string, path: string, body?: unknown) => await send(app, method, path, { token, body });

test('a certificate and its event have the times at which they were written', async () => {
  const { pem } = await issueCertificate({ subject: [{ CN: ['jane'] }], extensions: { subjectKeyIdentifier: true } });
  const created = await ask('POST', certificates, { extId: 'laptop', certificate: pem });
  const now = `${app.clock.now().toISOString().slice(0, 19)}Z`;
  expect([created.status, created.body]).toMatchObject([
    201,
    { created: now, lastModified: now, validity: { from: expect.any(String) as string } },
  ]);
  expect((await ask('GET', `${certificates}/laptop`)).body).toEqual(created.body);
  const events = await ask('GET', `${CORE}/100/audit-events?extId=laptop`);
  expect(events.body).toMatchObject({ items: [{ action: 'created', at: expect.stringContaining('T') as string }] });
  const found = await ask('GET', `${CORE}/100/certificates?expiresAfter=2020-01-01T00:00:00Z`);
  expect(found.body).toMatchObject({ items: [{ extId: 'laptop', created: now }] });
});

test('of changes at once that name no version, none fails', async () => {
  const comments = Array.from({ length: 20 }, (_, index) => `at once ${index}`);
  const changes = await Promise.all(
    comments.map(async (modificationComment) => await ask('PATCH', `${certificates}/laptop`, { modificationComment })),
  );
  expect(changes.map(({ status }) => status)).toEqual(comments.map(() => 200));
});

test('statements mean the same', async () => {
  const [row] = await app.dataSource.query<object[]>(`select regexp_replace('ab', '(a)', '\\1:') as replaced,
    current_setting('transaction_isolation') as isolation, current_setting('client_min_messages') as messages`);
  expect(row).toEqual({ replaced: 'a:b', isolation: 'read committed', messages: 'warning' });
});
