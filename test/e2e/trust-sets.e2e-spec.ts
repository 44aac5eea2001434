import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CORE, codesOf, refusalOf } from '../support/http.js';
import { issueCertificate, testAuthority } from '../support/pki.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;
let root: string;
let issuing: string;

beforeAll(async () => {
  fixture = await TrustFixture.start();
  root = fixture.root.pem;
  issuing = fixture.issuing.pem;
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.policies.nextClient());

const fingerprintOf = async (pem: string): Promise<string> => {
  const body = { extId: 'fingerprint-of', name: 'fingerprint-of', anchors: pem };
  const answer = await fixture.create(body);
  await fixture.delete('fingerprint-of');
  return (answer.body.certificates as { fingerprint: string }[])[0]?.fingerprint ?? '';
};

test('1.2, 11.1 a set is created, read, changed and deleted, each with its audit event', async () => {
  const [rootFingerprint, issuingFingerprint] = [await fingerprintOf(root), await fingerprintOf(issuing)];
  const created = await fixture.create({ description: 'd', intermediates: issuing });
  const { client } = fixture.policies;
  expect([created.status, created.headers.get('location'), created.headers.get('etag')]).toEqual([
    201,
    `${CORE}${fixture.path('set-1')}`,
    '"1"',
  ]);
  const [anchor, intermediate] = created.body.certificates as object[];
  expect(created.body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId: 'set-1',
    clientExtId: client,
    name: 'Corporate',
    description: 'd',
    anchors: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/) as string,
    intermediates: expect.stringContaining('BEGIN CERTIFICATE') as string,
    certificates: [anchor, intermediate],
  });
  expect(anchor).toEqual({
    role: 'anchor',
    subjectDN: 'CN=Root,O=Test AG,C=CH',
    issuerDN: 'CN=Root,O=Test AG,C=CH',
    fingerprint: rootFingerprint,
    serial: expect.stringMatching(/^[0-9A-F]+$/) as string,
    subjectKeyIdentifier: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/) as string,
    validity: { from: '2020-01-01T00:00:00Z', to: '2040-01-01T00:00:00Z' },
    usable: true,
  });
  expect(intermediate).toMatchObject({
    role: 'intermediate',
    subjectDN: 'CN=Issuing,O=Test AG,C=CH',
    issuerDN: 'CN=Root,O=Test AG,C=CH',
    fingerprint: issuingFingerprint,
    usable: true,
  });
  expect((await fixture.read()).body).toEqual(created.body);

  const patched = await fixture.patch({ anchors: issuing, intermediates: null, description: null, version: 1 });
  expect([patched.status, patched.headers.get('etag')]).toEqual([200, '"2"']);
  expect(patched.body).toMatchObject({ version: 2, name: 'Corporate', certificates: [{ role: 'anchor' }] });
  expect(patched.body).not.toHaveProperty('description');
  expect(patched.body).not.toHaveProperty('intermediates');
  expect((await fixture.read()).body).toEqual(patched.body);

  expect((await fixture.delete()).status).toBe(204);
  expect(refusalOf(await fixture.read())).toEqual([404, ['errors.noRecord']]);
  expect(await fixture.policies.eventsOf('set-1')).toEqual([
    {
      action: 'created',
      version: 1,
      changes: {
        name: { to: 'Corporate' },
        description: { to: 'd' },
        anchors: { to: [rootFingerprint] },
        intermediates: { to: [issuingFingerprint] },
      },
    },
    {
      action: 'changed',
      version: 2,
      changes: {
        description: { from: 'd' },
        anchors: { from: [rootFingerprint], to: [issuingFingerprint] },
        intermediates: { from: [issuingFingerprint], to: [] },
      },
    },
    { action: 'deleted', version: null, changes: null },
  ]);
});

test('3.1 what is read can be sent back, and changes nothing', async () => {
  const created = await fixture.create({ intermediates: issuing });
  const { name, anchors, intermediates, version } = created.body as Record<string, unknown>;
  const answer = await fixture.patch({ name, anchors, intermediates, version });
  expect([answer.status, answer.body]).toEqual([200, created.body]);
  expect((await fixture.patch({})).body.version).toBe(1);
  expect(await fixture.policies.eventsOf('set-1')).toHaveLength(1);
});

test('11.1 a name is unique in its client, and every taken value is reported with the other errors', async () => {
  await fixture.create();
  expect(codesOf(await fixture.create({ anchors: root + root }))).toEqual([
    'errors.invalidData',
    'errors.duplicateValue',
    'errors.duplicateName',
  ]);
  await fixture.create({ extId: 'set-2', name: 'Second' });
  expect(codesOf(await fixture.patch({ name: 'Corporate' }, 'set-2'))).toEqual(['errors.duplicateName']);
  await fixture.policies.nextClient();
  expect((await fixture.create()).status).toBe(201);
});

test.each<[string, object, string]>([
  ['name', { extId: undefined }, 'errors.duplicateName'],
  ['extId', { name: undefined }, 'errors.duplicateValue'],
])('3.8 of 20 creations with one %s at once exactly one succeeds', async (_, own, code) => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (__, index) => await fixture.create('name' in own ? { name: `n-${index}` } : own)),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const lost = answers.filter(({ status }) => status === 422);
  expect([lost.length, new Set(lost.flatMap(codesOf))]).toEqual([19, new Set([code])]);
});

test('3.2, 3.5 a stale version is 409, a stale If-Match 412, and nothing is changed', async () => {
  await fixture.create();
  await fixture.patch({ description: 'second' });
  const stale = await fixture.patch({ version: 1 });
  expect([stale.status, stale.body.errors[0]]).toMatchObject([409, { currentVersion: 2, changedBy: 'admin-1' }]);
  for (const method of ['PATCH', 'DELETE']) {
    const answer = await fixture.policies.request(method, fixture.path('set-1'), {
      headers: { 'If-Match': '"1"' },
      ...(method === 'PATCH' ? { body: { description: 'third' } } : {}),
    });
    expect([method, answer.status]).toEqual([method, 412]);
  }
  expect((await fixture.read()).body).toMatchObject({ version: 2, description: 'second' });
});

test('3.4 of 20 changes with one version at once exactly one succeeds; without a version all are applied', async () => {
  await fixture.create();
  const versioned = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => await fixture.patch({ description: `d${index}`, version: 1 })),
  );
  expect(versioned.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(versioned.filter(({ status }) => status === 409)).toHaveLength(19);
  const free = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => await fixture.patch({ description: `e${index}` })),
  );
  expect(new Set(free.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await fixture.read()).body.version).toBe(22);
});

test('3.4 of two deletions at once one deletes, and the other is 404', async () => {
  await fixture.create();
  const answers = await Promise.all([fixture.delete(), fixture.delete()]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 404]));
});

describe('G1', () => {
  test('8.1, 8.2 G1 lists every set of the client once, page by page, in the order of creation', async () => {
    for (let index = 4; index >= 0; index -= 1) await fixture.create({ extId: `s-${index}`, name: `s-${index}` });
    const seen: string[] = [];
    let continuation = '';
    for (let page = 0; page < 3; page += 1) {
      const path = `/clients/${fixture.policies.client}/trust-anchor-sets?limit=2&returnTotalResultCount=true`;
      const answer = await fixture.policies.request('GET', `${path}${continuation}`);
      expect(answer.body).toMatchObject({ _pagination: { limit: 2, totalResult: 5 }, _classifications: {} });
      seen.push(...(answer.body.items as { extId: string }[]).map(({ extId }) => extId));
      const { continuationToken = '' } = answer.body['_pagination'] as { continuationToken?: string };
      continuation = `&continuationToken=${encodeURIComponent(continuationToken)}`;
    }
    expect([continuation, seen]).toEqual(['&continuationToken=', ['s-0', 's-1', 's-2', 's-3', 's-4']]);
  });

  test('8.1, 11.1 a page ends before it exceeds 4 MiB', async () => {
    const large = Array.from({ length: 200 }, () => 'x'.repeat(3000));
    const cas = await Promise.all(
      large.map(async (filler, index) => {
        const other = [{ oid: '1.2.3', value: `0c820bb8${Buffer.from(filler).toString('hex')}` }];
        return (await issueCertificate({ subject: `CN=${index}`, extensions: { other } })).pem;
      }),
    );
    for (let index = 0; index < 6; index += 1) {
      const members = { extId: `s-${index}`, name: `s-${index}`, intermediates: cas.slice(0, 180).join('') };
      expect((await fixture.create(members)).status).toBe(201);
    }
    const answer = await fixture.policies.request('GET', `/clients/${fixture.policies.client}/trust-anchor-sets`);
    expect(answer.body.items.length).toBeGreaterThan(1);
    expect(answer.body['_pagination']).toHaveProperty('continuationToken');
    expect(JSON.stringify(answer.body).length).toBeLessThan(6 * 1024 * 1024);
  });

  test('8.1 G1 is an empty list for a client without sets, and 404 for an unknown client', async () => {
    const { client } = fixture.policies;
    const list = async (name: string) => await fixture.policies.request('GET', `/clients/${name}/trust-anchor-sets`);
    expect((await list(client)).body.items).toEqual([]);
    expect((await list('nobody')).status).toBe(404);
    const body = { name: 'x', anchors: root };
    expect((await fixture.policies.request('POST', '/nobody/trust-anchor-sets', { body })).status).toBe(404);
  });
});

test('10.2 the history of a set, and the set as it was, with what was usable then', async () => {
  const soon = await testAuthority({ name: 'Soon', notAfter: '2026-06-01T12:10:00Z' });
  const created = await fixture.create({ anchors: soon.pem });
  const then = fixture.app.clock.now().toISOString();
  fixture.app.clock.advance(1_200_000);
  await fixture.patch({ description: 'second' });
  await fixture.delete();
  const history = await fixture.policies.request('GET', `${fixture.path('set-1')}/history`);
  expect((history.body.items as { action: string; kind: string }[]).map(({ action, kind }) => [action, kind])).toEqual([
    ['deleted', 'trustAnchorSet'],
    ['changed', 'trustAnchorSet'],
    ['created', 'trustAnchorSet'],
  ]);
  const past = await fixture.policies.request('GET', `${fixture.path('set-1')}?at=${then}`);
  expect([past.status, past.body, past.headers.get('etag')]).toEqual([200, created.body, null]);
  expect(past.body.certificates[0]).toMatchObject({ usable: true });
  const before = await fixture.policies.request('GET', `${fixture.path('set-1')}?at=2020-01-01T00:00:00Z`);
  expect(before.status).toBe(404);
  const { client } = fixture.policies;
  const events = await fixture.policies.request('GET', `/${client}/audit-events?kind=trustAnchorSet&extId=set-1`);
  expect(events.body.items).toHaveLength(3);
});
