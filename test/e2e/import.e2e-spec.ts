import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CORE, codesOf, fieldsOf, refusalOf } from '../support/http.js';
import { ImportFixture, linesOf, resultsOf } from '../support/import-fixture.js';

let app: ImportFixture;
let pem: string;
let otherPem: string;

beforeAll(async () => {
  app = await ImportFixture.start();
  await app.fixture.builders.client('200');
  await app.fixture.builders.policy('200', 'default');
  [pem, otherPem] = [await app.fixture.pem('Imported'), await app.fixture.pem('Other')];
});

afterAll(async () => await app.close());

const CSV = 'text/csv; charset=utf-8';

describe('the lines of an import', () => {
  test('17.4 create users and certificates, and a second import of the same file changes nothing', async () => {
    const file = linesOf([
      { userExtId: 'one', loginId: 'one', name: { firstName: 'Ona' }, certificate: pem, certificateExtId: 'cert-one' },
      { userExtId: 'two', contacts: { email: 'two@acme.test' }, validity: { to: '2030-01-01T00:00:00Z' } },
      { userExtId: 'two', certificate: otherPem, stateName: 'disabled' },
    ]);
    const first = await app.import(file);
    expect(resultsOf(first)).toEqual(['1 changed', '2 changed', '3 changed']);
    expect(first.job).toMatchObject({ action: 'import', status: 'completed', total: 3, changed: 3 });
    expect((await app.read('/users/one')).body).toMatchObject({
      loginId: 'one',
      name: { firstName: 'Ona' },
      version: 1,
    });
    expect((await app.read('/users/one/certificates/cert-one')).body).toMatchObject({ certificate: pem, version: 1 });
    const second = await app.import(file);
    expect(resultsOf(second)).toEqual(['1 unchanged', '2 unchanged', '3 unchanged']);
    expect((await app.read('/users/two')).body).toMatchObject({ version: 1 });
    expect((await app.read('/users/two/certificates')).body.items).toMatchObject([
      { stateName: 'disabled', version: 1 },
    ]);
  });

  test('17.4 change what differs, with an audit event of each change', async () => {
    const [before, after] = [await app.fixture.pem('Before'), await app.fixture.pem('After')];
    const line = { userExtId: 'changed', remarks: 'a', certificate: before, certificateExtId: 'cert-changed' };
    await app.importLines([line]);
    const next = { ...line, remarks: null, certificate: after, stateName: 'disabled' };
    expect(resultsOf(await app.importLines([next]))).toEqual(['1 changed']);
    const answer = await app.read('/users/changed/certificates/cert-changed');
    expect(answer.body).toMatchObject({ certificate: after, stateName: 'disabled', version: 2 });
    expect((await app.read('/users/changed')).body).not.toHaveProperty('remarks');
    expect(await app.eventsOf('cert-changed')).toMatchObject([{ action: 'created' }, { action: 'changed' }]);
    expect((await app.eventsOf('changed')).map(({ action }) => action)).toEqual(['created', 'changed']);
    const enabled = { userExtId: 'changed', certificateExtId: 'cert-changed', stateName: 'active' };
    expect(resultsOf(await app.importLines([enabled]))).toEqual(['1 changed']);
    expect((await app.read('/users/changed/certificates/cert-changed')).body).toMatchObject({
      stateName: 'active',
      stateChangeReason: 'changed-by-batchjob',
    });
  });

  test('17.4 of CSV with semicolons are read, and an empty field clears a member', async () => {
    const file = `\ufeffuserExtId;name.familyName;contacts.email;properties.costCentre;isTechnicalUser
csv;Müller;m@acme.test;4711;FALSCH
`;
    expect(resultsOf(await app.import(file, { type: CSV }))).toEqual(['2 changed']);
    const answer = await app.read('/users/csv');
    expect(answer.body).toMatchObject({ name: { familyName: 'Müller' }, properties: { costCentre: '4711' } });
    const cleared = 'userExtId,contacts.email\ncsv,\n';
    expect(resultsOf(await app.import(cleared, { type: CSV }))).toEqual(['2 changed']);
    expect((await app.read('/users/csv')).body).toMatchObject({ name: { familyName: 'Müller' } });
    expect((await app.read('/users/csv')).body).not.toHaveProperty('contacts');
  });

  test('17.4 have an effect in the order of the file where they name the same user or certificate', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const { rows, job } = await app.importLines(numbers.map((number) => ({ userExtId: 'same', remarks: `${number}` })));
    expect(job).toMatchObject({ changed: 40 });
    expect(rows).toHaveLength(40);
    expect((await app.read('/users/same')).body).toMatchObject({ remarks: '39', version: 40 });
  });

  test('17.4 are refused one by one, with all errors of each', async () => {
    await app.importLines([{ userExtId: 'holder', remarks: 'x' }]);
    const held = await app.fixture.pem('Held');
    await app.importLines([{ userExtId: 'holder', certificate: held, certificateExtId: 'held' }]);
    const results = await app.import(
      `{"userExtId":\n[]\n${linesOf([
        { userExtId: 'a b', birthDate: 'x', surname: 'x' },
        { userExtId: 'nobody', certificate: await app.fixture.pem('Nobody') },
        { userExtId: 'thief', remarks: 'x', certificate: held },
        { userExtId: 'thief', remarks: 'x', certificate: otherPem, certificateExtId: 'held' },
        {
          userExtId: 'holder',
          certificate: held,
          certificateExtId: 'held',
          policyExtId: 'strict',
          stateName: 'archived',
        },
        { userExtId: 'fresh', remarks: 'x', certificate: await app.fixture.pem('Fresh'), policyExtId: 'none' },
        { userExtId: 'fine', remarks: 'x' },
      ])}`,
    );
    expect(resultsOf(results)).toEqual([
      '1 refused, errors.invalidData undefined',
      '2 refused, errors.invalidData undefined',
      '3 refused, errors.invalidData surname, errors.invalidData userExtId, errors.invalidData birthDate',
      '4 refused, errors.noRecord userExtId',
      '5 refused, errors.certificateExists certificate',
      '6 refused, errors.duplicateValue certificateExtId',
      '7 refused, errors.invalidData policyExtId, errors.stateTransitionDenied stateName',
      '8 refused, errors.invalidData policyExtId',
      '9 changed',
    ]);
    // The user and the certificate of a line are stored together or not at all.
    for (const userExtId of ['thief', 'fresh', 'nobody']) {
      expect((await app.read(`/users/${userExtId}`)).status).toBe(404);
    }
  });

  test('17.4 NDJSON with text that cannot be stored is refused line by line', async () => {
    const file = [
      String.raw`{"userExtId":"unstorable-1","remarks":"a\u0000b"}`,
      String.raw`{"userExtId":"unstorable-2","properties":{"\ud800":"x"},"sex":"other","nickname":"y"}`,
      String.raw`{"userExtId":"unstorable-3","\u0000":1}`,
      String.raw`{"userExtId":"\udc00"}`,
      String.raw`{"userExtId":"storable","remarks":"\ud83d\ude00"}`,
    ];
    const expected = [
      '1 refused, errors.invalidData remarks',
      '2 refused, errors.invalidData properties, errors.invalidData nickname',
      '3 refused, errors.invalidData body, errors.invalidData ?',
      '4 refused, errors.invalidData userExtId, errors.invalidData userExtId',
    ];
    expect(resultsOf(await app.dryRun(file.join('\n')))).toEqual([...expected, '5 changed']);
    expect(resultsOf(await app.import(file.join('\n')))).toEqual([...expected, '5 changed']);
  });

  test('17.4 with a very long name of a member are refused alone', async () => {
    const long = 'a'.repeat(4_097);
    const file = linesOf([
      { userExtId: 'long-name', [long]: 1 },
      { userExtId: 'short-name', remarks: long.slice(3_097) },
    ]);
    expect(resultsOf(await app.import(file))).toEqual(['1 refused, errors.invalidData undefined', '2 changed']);
    const csv = `userExtId,properties\nlong-name,"{""${long}"":""x""}"\n`;
    expect(resultsOf(await app.import(csv, { type: CSV }))).toEqual(['2 refused, errors.invalidData properties']);
  });

  test('17.4 CSV with text that cannot be stored is refused row by row', async () => {
    const file = 'userExtId,remarks,properties\nzero,a\0b,\nlone,,"{""a"":""\\ud800""}"\nfine,c,\n';
    expect(resultsOf(await app.import(file, { type: CSV }))).toEqual([
      '2 refused, errors.invalidData remarks',
      '3 refused, errors.invalidData properties.a',
      '4 changed',
    ]);
  });

  test('17.4 are forgotten once they have a result: one may contain what belongs nowhere', async () => {
    const results = await app.importLines([
      { userExtId: 'kept', remarks: 'x' },
      { userExtId: 'mistaken', password: 'correct-horse', certificate: '-----BEGIN PRIVATE KEY-----' },
    ]);
    expect(resultsOf(results).map((result) => result.slice(0, 9))).toEqual(['1 changed', '2 refused']);
    const stored = `select 1 from job_rows where line is not null or to_jsonb(job_rows)::text like '%correct-horse%'`;
    expect(await app.fixture.app.dataSource.query(stored)).toEqual([]);
  });

  test('17.4 obey the policy, and what a tolerant policy disables stays disabled', async () => {
    const long = await app.fixture.pem('Long', { notAfter: '2030-01-01T00:00:00Z' });
    const refused = { userExtId: 'strict', remarks: 'x', certificate: long, policyExtId: 'strict' };
    expect(resultsOf(await app.importLines([refused]))).toEqual([
      '1 refused, errors.certificatePolicyViolated certificate',
    ]);
    expect((await app.read('/users/strict')).status).toBe(404);
    const tolerated = { ...refused, userExtId: 'tolerant', policyExtId: 'tolerant', stateName: 'active' };
    expect(resultsOf(await app.importLines([tolerated]))).toEqual(['1 changed']);
    expect(resultsOf(await app.importLines([tolerated]))).toEqual(['1 unchanged']);
    expect((await app.read('/users/tolerant/certificates')).body.items).toMatchObject([
      { stateName: 'disabled', stateChangeReason: 'policy-check-failed' },
    ]);
  });
});

describe('a dry run of an import', () => {
  test('17.4 says what the import does, and writes nothing', async () => {
    const dry = await app.fixture.pem('Dry');
    const people = Array.from({ length: 60 }, (_, index) => ({ userExtId: `dry-${index}`, remarks: 'x' }));
    const file = linesOf([
      ...people,
      { userExtId: 'dry-0', certificate: dry },
      { userExtId: 'dry-1', certificate: dry },
      { userExtId: 'dry-2', loginId: 'dry-3', remarks: 'x' },
      { userExtId: 'dry-none', certificate: await app.fixture.pem('None') },
    ]);
    const before = await app.fixture.stored();
    const tried = await app.dryRun(file);
    expect(await app.fixture.stored()).toBe(before);
    expect((await app.read('/certificates/bulk')).body.items).not.toContainEqual(
      expect.objectContaining({ status: 'loading' }),
    );
    const imported = await app.import(file);
    expect(resultsOf(tried)).toEqual(resultsOf(imported));
    expect(resultsOf(tried).slice(60)).toEqual([
      '61 changed',
      '62 refused, errors.certificateExists certificate',
      '63 changed',
      '64 refused, errors.noRecord userExtId',
    ]);
    expect(tried.job).toEqual({ total: 64, changed: 62, unchanged: 0, refused: 2, gone: 0 });
  });
});

describe('a file that cannot be imported', () => {
  test.each([
    ['without lines', '', 'application/x-ndjson', [400, ['errors.malformedRequest']]],
    ['with an unknown column', 'userExtId,surname\na,b\n', CSV, [422, ['errors.invalidData']]],
    ['of CSV that is broken', 'userExtId\n"a\n', CSV, [400, ['errors.malformedRequest']]],
    [
      'with too large a line',
      `{"userExtId":"${'x'.repeat(40_000)}"}`,
      'application/x-ndjson',
      [413, ['errors.payloadTooLarge']],
    ],
    ['of another type', '{}', 'application/json', [415, ['errors.unsupportedMediaType']]],
    ['in another encoding', '{}', 'text/csv; charset=latin1', [415, ['errors.unsupportedMediaType']]],
  ] as const)('17.4 fail/%s', async (_title, body, type, refusal) => {
    for (const query of ['', '?dryRun=true']) {
      expect(refusalOf(await app.post(body, { type, query }))).toEqual(refusal);
    }
    expect(await jobsInProgress()).toBe(0);
  });

  test('17.4 fail/with an invalid parameter', async () => {
    for (const query of ['?dryRun=yes', '?dryrun=true']) {
      const answer = await app.post('{}', { query });
      expect([answer.status, fieldsOf(answer)]).toEqual([422, [query.includes('yes') ? 'dryRun' : 'query']]);
    }
  });

  test('17.4 fail/whose sender hangs up is removed', async () => {
    const url = new URL(app.fixture.app.url);
    const socket = connect(Number(url.port), url.hostname);
    const line = JSON.stringify({ userExtId: 'half', remarks: 'x'.repeat(500) });
    socket.write(
      `POST ${CORE}/100/import HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${await app.token()}\r\n` +
        `Content-Type: application/x-ndjson\r\nContent-Length: 100000000\r\n\r\n${`${line}\n`.repeat(3000)}`,
    );
    while ((await jobsInProgress()) === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while ((await jobsInProgress()) > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await app.read('/users/half')).status).toBe(404);
    expect(resultsOf(await app.importLines([{ userExtId: 'after', remarks: 'x' }]))).toEqual(['1 changed']);
  });

  test('17.4 fail/while another import of the client is received', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => ({ userExtId: `at-once-${index}`, remarks: 'x' }));
    const answers = await Promise.all([app.post(linesOf(lines)), app.post(linesOf(lines)), app.post(linesOf(lines))]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(202);
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expect(['errors.policyViolation', 'errors.unavailable']).toContain(codesOf(answer)[0]);
    }
    expect(resultsOf(await waitAndImport(lines))).toEqual(lines.map((_, index) => `${index + 1} unchanged`));
  });
});

async function waitAndImport(lines: readonly Record<string, unknown>[]) {
  while ((await jobsInProgress()) > 0) await new Promise((resolve) => setImmediate(resolve));
  return await app.importLines(lines);
}

async function jobsInProgress(): Promise<number> {
  const [row] = await app.fixture.app.dataSource.query<[{ count: number }]>(
    `select count(*)::integer as count from jobs where status in ('loading', 'running')`,
  );
  return row.count;
}

function claims(rights: readonly string[]) {
  return { roles: undefined, permissions: rights.map((right) => `AccessControl.${right}`) };
}

describe('the rights of an import', () => {
  const ALL = ['UserView', 'UserCreate', 'UserModify', 'CredentialView', 'CredentialCreate', 'CredentialModify'];

  test.each(ALL)('17.4 fail/without %s', async (right) => {
    const token = await app.token(claims(ALL.filter((each) => each !== right)));
    expect(refusalOf(await app.post('{}', { token }))).toEqual([403, ['errors.permissionDenied']]);
  });

  test('17.4 fail/of another client, and of an unknown one', async () => {
    const token = await app.token({ data_room: { clients: ['200'] } });
    expect(refusalOf(await app.post('{}', { token }))).toEqual([403, ['errors.dataroomDenied']]);
    const everywhere = await app.token({ data_room: { clients: ['*'] } });
    const answer = await app.post('{"userExtId":"a"}\n', { token: everywhere, client: '999' });
    expect(refusalOf(answer)).toEqual([404, ['errors.noRecord']]);
  });

  test('17.4 more rights are asked of the lines that need them', async () => {
    const token = await app.token(claims(ALL));
    const certificate = await app.fixture.pem('Rights');
    const { rows } = await app.importLines(
      [
        { userExtId: 'rights-1', remarks: 'x', certificate },
        { userExtId: 'rights-2', loginId: 'rights-2' },
        { userExtId: 'rights-3', isTechnicalUser: true },
        { userExtId: 'rights-4', remarks: 'x', certificate: await app.fixture.pem('Rights 4'), stateName: 'active' },
        { userExtId: 'rights-1', userState: 'archived' },
      ],
      { token },
    );
    expect(rows.map(({ result, errors = [] }) => [result, ...errors.map(({ code }) => code)])).toEqual([
      ['changed'],
      ['refused', 'errors.permissionDenied'],
      ['refused', 'errors.permissionDenied'],
      ['refused', 'errors.permissionDenied'],
      ['refused', 'errors.permissionDenied'],
    ]);
  });
});
