import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type Answer, codesOf, refusalOf } from '../support/http.js';
import { issueCertificate, testAuthority } from '../support/pki.js';
import { TrustFixture } from '../support/trust-fixture.js';

let fixture: TrustFixture;

beforeAll(async () => {
  fixture = await TrustFixture.start();
});

afterAll(async () => await fixture.app.close());

beforeEach(async () => await fixture.policies.nextClient());

/** Of each certificate in the answer. */
const reasonsOf = ({ body }: Answer) =>
  (body.certificates as { usable: boolean; reason?: string }[]).map(({ usable, reason }) =>
    usable ? 'usable' : reason,
  );

describe('certificates', () => {
  test('11.1 the order of the text is kept', async () => {
    const names = ['C', 'A', 'B'];
    const pems = await Promise.all(names.map(async (name) => (await testAuthority({ name })).pem));
    const answer = await fixture.create({ anchors: pems.join('between\r\n'), intermediates: fixture.root.pem });
    expect((answer.body.certificates as { subjectDN: string }[]).map(({ subjectDN }) => subjectDN)).toEqual(
      [...names, 'Root'].map((name) => `CN=${name},O=Test AG,C=CH`),
    );
  });

  test('11.1, 11.2 what no path can use is stored and marked with the reason, until the time changes it', async () => {
    const expired = await testAuthority({ name: 'Expired', notAfter: '2021-01-01T00:00:00Z' });
    const later = await testAuthority({ name: 'Later', notBefore: '2026-06-01T12:00:01Z' });
    const leaf = await issueCertificate({ subject: 'CN=Leaf', issuer: fixture.issuing });
    const noSigning = await testAuthority({ name: 'CRL only', extensions: { keyUsage: ['cRLSign'] } });
    const anchors = [fixture.root.pem, expired.pem, later.pem, noSigning.pem].join('');
    const created = await fixture.create({ anchors, intermediates: fixture.issuing.pem + leaf.pem });
    expect(reasonsOf(created)).toEqual(['usable', 'expired', 'notYetValid', 'keyUsage', 'usable', 'notCa']);
    fixture.app.clock.advance(1000);
    expect(reasonsOf(await fixture.read())[2]).toBe('usable');
  });

  test('11.1, 11.2 a stored certificate that cannot be read is listed and read as such, and logged once', async () => {
    await fixture.create({ anchors: fixture.issuing.pem });
    await fixture.app.dataSource.query(
      `update trust_anchor_sets set anchors = array['\\x3000'::bytea, anchors[1]] where client_ext_id = $1`,
      [fixture.policies.client],
    );
    const list = await fixture.policies.request('GET', `/clients${fixture.path()}`);
    const read = await fixture.read();
    expect([list.status, list.body.items]).toEqual([200, [read.body]]);
    expect(reasonsOf(read)).toEqual(['malformed', 'usable']);
    expect((read.body.certificates as unknown[])[0]).toEqual({
      role: 'anchor',
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
      usable: false,
      reason: 'malformed',
    });
    expect(fixture.app.log.filter((line) => line.includes('set cannot be read'))).toHaveLength(1);
  });

  test('11.2 fail/certificates that cannot be read, each with its position', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const answer = await fixture.create({
      anchors: fixture.root.pem + broken + fixture.issuing.pem + broken,
      intermediates: broken,
    });
    expect(answer.status).toBe(422);
    const shown = (answer.body.errors as { code: string; field: string; index: number; message: string }[]).map(
      ({ code, field, index, message }) => [code, field, index, message.slice(0, 14)],
    );
    expect(shown).toEqual([
      ['errors.invalidData', 'anchors', 1, 'Certificate 2:'],
      ['errors.invalidData', 'anchors', 3, 'Certificate 4:'],
      ['errors.invalidData', 'intermediates', 0, 'Certificate 1:'],
    ]);
    expect((await fixture.read()).status).toBe(404);
  });

  test.each<[string, () => object, string[]]>([
    ['no anchors', () => ({ anchors: undefined }), ['anchors']],
    ['an empty text as anchors', () => ({ anchors: '' }), ['anchors']],
    ['anchors as a list', () => ({ anchors: [fixture.root.pem] }), ['anchors']],
    ['101 anchors', () => ({ anchors: fixture.root.pem.repeat(101) }), ['anchors']],
    ['201 intermediates', () => ({ intermediates: fixture.root.pem.repeat(201) }), ['intermediates']],
    ['a private key', () => ({ anchors: `${fixture.root.pem}-----BEGIN PRIVATE KEY-----\n` }), ['anchors']],
    ['no name', () => ({ name: undefined }), ['name']],
    ['a name of 101 characters', () => ({ name: 'x'.repeat(101) }), ['name']],
    ['members that only the server sets', () => ({ certificates: [], version: 1 }), ['certificates', 'version']],
    [
      'the same anchor twice',
      () => ({ anchors: fixture.root.pem + fixture.issuing.pem + fixture.root.pem }),
      ['anchors'],
    ],
    [
      'an anchor among the intermediates',
      () => ({ intermediates: fixture.issuing.pem + fixture.root.pem }),
      ['intermediates'],
    ],
  ])('11.1 fail/%s', async (_, members, fields) => {
    const answer = await fixture.create(members());
    expect([answer.status, new Set(codesOf(answer))]).toEqual([422, new Set(['errors.invalidData'])]);
    expect((answer.body.errors as { field: string }[]).map(({ field }) => field).toSorted()).toEqual(fields);
    expect((await fixture.read()).status).toBe(404);
  });

  test('11.1 100 anchors and 200 intermediates are a set, and more than 1 MiB is 413', async () => {
    const cas = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => (await issueCertificate({ subject: `CN=CA ${index}` })).pem),
    );
    const anchors = cas.slice(0, 100).join('');
    const answer = await fixture.create({ anchors, intermediates: cas.slice(100).join('') });
    expect([answer.status, answer.body.certificates]).toEqual([201, expect.objectContaining({ length: 300 })]);
    const padded = await fixture.create({
      extId: 'set-2',
      name: 'Two',
      anchors: fixture.root.pem + ' '.repeat(1000 * 1024),
    });
    expect(padded.status).toBe(201);
    const path = fixture.path('set-1');
    for (const [method, where] of [
      ['POST', fixture.path()],
      ['PATCH', path],
    ] as const) {
      const body = { anchors: fixture.root.pem + ' '.repeat(1024 * 1024) };
      expect(refusalOf(await fixture.policies.request(method, where, { body }))).toEqual([
        413,
        ['errors.payloadTooLarge'],
      ]);
    }
  });
});
