import { createHash } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { send } from '../support/http.js';
import { KeyStoreFixture, makeFile, type MadeFile, ACCOUNT } from '../support/key-store-fixture.js';

const PASSWORD = 'correct-horse-battery-staple';

let fixture: KeyStoreFixture;
let file: MadeFile;
let printed: string[];

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
  file = await makeFile('secret', PASSWORD);
});

afterAll(async () => await fixture.app.close());

beforeEach(() => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  }
});

afterEach(() => vi.restoreAllMocks());

/** Parts of a secret, long enough to be unique, in every encoding in which bytes are printed. */
function spellings(): Map<string, string> {
  const found = new Map<string, string>([['the password', PASSWORD]]);
  const secrets = { p12: file.p12, 'the private key': file.privateKey, 'the password': Buffer.from(PASSWORD) };
  for (const [name, bytes] of Object.entries(secrets)) {
    // Taken from the end: the beginning of a p12 or a PKCS#8 key is the same in all of them.
    const piece = bytes.subarray(-24);
    found.set(`${name} raw`, piece.toString('latin1'));
    found.set(`${name} in hex`, piece.toString('hex'));
    // Base64 has three alignments. The middle of each does not depend on the bytes around it.
    for (const shift of [0, 1, 2]) {
      found.set(
        `${name} in base64, ${shift}`,
        bytes
          .subarray(-24 + shift)
          .toString('base64')
          .slice(0, 24),
      );
    }
    found.set(`${name} as an array of bytes`, [...piece].join(','));
    found.set(`${name} as an inspected array`, [...piece].join(', '));
    found.set(`${name} as an inspected buffer`, piece.toString('hex').replaceAll(/../g, '$& ').trim());
  }
  return found;
}

test('L3 the search of this test finds secrets in every encoding', () => {
  const all = [
    file.p12.toString('latin1'),
    file.p12.toString('hex'),
    file.p12.toString('base64'),
    JSON.stringify([...file.p12]),
  ];
  const names = [...spellings()].filter(([, text]) => all.some((one) => one.includes(text))).map(([name]) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'p12 raw',
      'p12 in hex',
      'p12 as an array of bytes',
      expect.stringMatching(/^p12 in base64/),
    ]),
  );
});

test('L3 p12, password and private key are in no answer, log, error, metric or audit event', async () => {
  const answers: unknown[] = [];
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fixture.send(method, path, body);
    answers.push(answer.body, Object.fromEntries(answer.headers));
    return answer.body as Record<string, { id: number }[]>;
  };
  const bytes = [...file.p12];
  const base64 = file.p12.toString('base64');
  const item = { name: 'secret', p12: bytes, password: PASSWORD };
  const { successfulySavedCertificates: saved } = await ask('POST', fixture.path(), [item]);
  const id = saved?.[0]?.id ?? 0;
  await ask('POST', fixture.path(), [item]);
  await ask('POST', fixture.path(), [{ ...item, name: 'other', p12: base64 }]);
  await ask('POST', fixture.path(), [{ ...item, name: 'wrong', password: `${PASSWORD}!` }]);
  await ask('POST', fixture.path(), [{ ...item, name: 7, unknown: bytes, [PASSWORD.slice(0, 8)]: 1 }]);
  await ask('POST', fixture.path(), [{ ...item, p12: [...bytes, 256] }]);
  await ask('POST', fixture.path(), [{ ...item, p12: `${base64} ` }]);
  await ask('POST', fixture.path(), `[{"p12":"${base64}","password":"${PASSWORD}"`);
  await ask('PUT', fixture.path(id), item);
  await ask('PUT', fixture.path(id), { ...item, id: 1 });
  const certificate = JSON.stringify({ name: 'by file', password: PASSWORD });
  answers.push((await fixture.sendForm('POST', fixture.path('by-file'), { file: file.p12, certificate })).body);
  answers.push(
    (await fixture.sendForm('POST', fixture.path('by-file'), { file: file.p12, certificate: `${certificate}x` })).body,
  );
  answers.push(
    (
      await fixture.sendForm('POST', `/mtls/account/${ACCOUNT}/p12-test/multipart`, {
        file: file.p12,
        password: PASSWORD,
      })
    ).body,
  );
  fixture.vault.fail('sealed');
  await ask('PUT', fixture.path(id), item);
  fixture.vault.before(() => Promise.reject(new Error('a defect')));
  await ask('PUT', fixture.path(id), item);
  fixture.vault.before(undefined);
  fixture.vault.fail(undefined);
  await fixture.reconcile();
  await ask('GET', fixture.path());
  const token = await fixture.app.token({ client_ext_id: ACCOUNT, roles: ['nevisIdm.Root'] });
  answers.push(
    (await send(fixture.app, 'GET', `/nevisidm/api/core/v1/${ACCOUNT}/audit-events?limit=1000`, { token })).body,
  );
  await ask('DELETE', fixture.path(id));
  const metrics = await (await fetch(`${fixture.app.url}/metrics`)).text();
  const auditLog: unknown = await fixture.app.dataSource.query('select t::text from audit_events t');
  const rows: unknown = await fixture.app.dataSource.query('select k::text from key_stores k');
  const everything = [
    JSON.stringify(answers),
    ...fixture.app.log,
    ...printed,
    metrics,
    JSON.stringify([auditLog, rows]),
  ];

  expect(everything.join('\n')).toContain('"keyStore"');
  expect(everything.join('\n')).toContain('a defect');
  for (const [name, text] of spellings()) {
    expect(
      everything.some((part) => part.includes(text)),
      name,
    ).toBe(false);
  }
  const digest = createHash('sha256').update(file.p12).digest('hex');
  expect(JSON.stringify([answers, auditLog]).includes(digest)).toBe(false);
});

test('L3 the vault stores p12 and password encrypted', async () => {
  await fixture.create('encrypted', file);
  const [row] = await fixture.app.dataSource.query<[{ all: string }]>(
    `select string_agg(s::text, '') as all from sealed_secrets s`,
  );
  for (const [name, text] of spellings()) expect(row.all.includes(text), name).toBe(false);
});
