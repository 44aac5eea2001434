/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import type { RequestListener } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { RevocationEvidenceService } from '../../src/trust/revocation/revocation-evidence.service.js';
import { badAnswers, half } from '../support/bad-answers.js';
import type { Answer } from '../support/http.js';
import { OpensslResponder } from '../support/openssl-responder.js';
import { RevocationRequests } from '../support/revocation-requests.js';
import { endEntity, extensions, type Issued } from '../support/signed-certificate.js';
import { crlDer, distributionPoints, uri } from '../support/signed-crl.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient());

const outcomeOf = ({ body }: Answer) =>
  (body.errors ?? body['_policyOutcome']).find((outcome: { rule?: string }) => outcome.rule === 'revocationCheck');

const failedOf = (answer: Answer): { kind: string; url: string; detail: string }[] =>
  outcomeOf(answer).evidence[0].failed;

const stored = async (): Promise<number> => {
  const [row] = await fixture.policies.app.dataSource.query<{ count: number }[]>(
    `select count(*)::int from revocation_answers where client_ext_id = $1 and der is not null`,
    [fixture.policies.client],
  );
  return row?.count ?? 0;
};

const goodCrl = (): Buffer => crlDer(fixture.anchor);

/** A leaf that names these URLs, whatever they are. */
function naming({ ocsp = [], crl = [] }: { ocsp?: readonly string[]; crl?: readonly string[] }): Issued {
  return endEntity(fixture.anchor, {
    and: [
      ...(ocsp.length === 0 ? [] : [extensions.access(...ocsp.map((url) => [1, url] as const))]),
      ...(crl.length === 0 ? [] : [distributionPoints(...crl.map((url) => ({ name: uri(url) })))]),
    ],
  });
}

/** The next client uploads a certificate with a good answer while the former one's sources hang. */
async function uploadOfAnother(): Promise<number> {
  await fixture.nextClient();
  const { status } = await fixture.post(fixture.answered());
  // Otherwise the test would show nothing.
  expect(fixture.source.hangingCount).toBeGreaterThan(0);
  return status;
}

/** Valid whenever the test runs. */
const answeredByOpenssl = (): Issued =>
  endEntity(fixture.anchor, {
    notBefore: '200101000000Z',
    notAfter: '391231235959Z',
    and: [extensions.access([1, fixture.source.url('openssl')])],
  });

describe('a source whose answer is of no use', () => {
  const answers: Readonly<Record<string, RequestListener>> = {
    ...badAnswers,
    half: (request, response) => half(goodCrl())(request, response),
    truncated: (_request, response) => void response.end(goodCrl().subarray(0, 100)),
    longer: (_request, response) => void response.end(Buffer.concat([goodCrl(), Buffer.alloc(1)])),
    missing: (_request, response) => void response.writeHead(404).end(goodCrl()),
    failing: (_request, response) => void response.writeHead(500).end(goodCrl()),
    partial: (_request, response) => void response.writeHead(206).end(goodCrl()),
  };

  test.each(Object.entries(answers))(
    '13.3 %s: unknown, which hard refuses and soft passes, and nothing is stored',
    async (name, listener) => {
      fixture.source.set('good', goodCrl());
      fixture.source.set(name, listener);
      for (const [revocationCheck, status] of [
        ['hard', 422],
        ['soft', 201],
      ] as const) {
        await fixture.nextClient({ revocationCheck });
        for (const sources of [{ crl: name }, { ocsp: name }]) {
          const answer = await fixture.post(fixture.leaf(sources), '?dryRun=true');
          expect(answer.status).toBe(status);
          expect(outcomeOf(answer)).toMatchObject({ evidence: [{ status: 'unknown' }] });
          expect(failedOf(answer)).toMatchObject([{ url: fixture.source.url(name) }]);
        }
        expect(fixture.source.asked).toEqual([`/${name}`, `/${name}`]);
        expect(await stored()).toBe(0);
      }
    },
  );

  test('13.2 the next source of the certificate is asked instead', async () => {
    fixture.source.set('huge', badAnswers.huge);
    fixture.source.set('good', goodCrl());
    const leaf = naming({ ocsp: [fixture.source.url('huge')], crl: [fixture.source.url('good')] });
    expect((await fixture.post(leaf)).body).toMatchObject({ stateName: 'active' });
  });
});

describe('an address that must not be asked', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://127.0.0.1/',
    'http://127.0.0.1:22/',
    'http://127.0.0.2:PORT/good',
    'http://2130706434:PORT/good',
    'http://0x7f.2:PORT/good',
    'http://0:PORT/good',
    'http://[::1]:PORT/good',
    'http://[::ffff:127.0.0.2]:PORT/good',
    'http://localhost/good',
    'http://10.0.0.1/',
    'http://user:secret@127.0.0.1:PORT/good',
    'http://127.0.0.1:PORT/good#part',
  ])('13.3 %s is not asked, and the status is unknown', async (text) => {
    fixture.source.set('good', goodCrl());
    const url = text.replace('PORT', String(fixture.source.port));
    for (const sources of [{ crl: [url] }, { ocsp: [url] }]) {
      const answer = await fixture.post(naming(sources), '?dryRun=true');
      expect(answer.status).toBe(422);
      expect(failedOf(answer)).toMatchObject([{ url, detail: expect.stringContaining('must not be asked') }]);
    }
    expect(fixture.source.asked).toEqual([]);
  });

  test.each(['https', 'ftp', 'ldap', 'file', 'ws'])('13.3 %s is no source', async (scheme) => {
    fixture.source.set('good', goodCrl());
    const url = fixture.source.url('good').replace('http', scheme);
    const answer = await fixture.post(naming({ ocsp: [url], crl: [url] }), '?dryRun=true');
    expect([answer.status, failedOf(answer)]).toEqual([422, []]);
    expect(fixture.source.asked).toEqual([]);
  });
});

describe('many sources', () => {
  test('13.3 the sources of 10,000 certificates are asked a few at a time, and never delay another client', async () => {
    const { app, client } = fixture.policies;
    const certificate = fixture.leaf().certificate;
    const issuer = fixture.anchor.certificate;
    const names = Array.from({ length: 10_000 }, (_, index) => `hangs-${index}`);
    for (const name of names) fixture.source.set(name, 'hang');
    fixture.source.mostHanging = 0;
    const first = fixture.source.nextRequest('hangs-0');
    const evidence = app.get(RevocationEvidenceService);
    const options = { now: app.clock.now(), signal: AbortSignal.timeout(60_000) };
    const attack = Promise.allSettled(
      names.map(async (name, index) => {
        const source = { kind: index % 2 === 0 ? 'ocsp' : 'crl', url: fixture.source.url(name) } as const;
        return await evidence.fetch(client, [{ source, certificate, issuer }], options);
      }),
    );
    await first;
    expect(await uploadOfAnother()).toBe(201);
    for (const ended of await attack) {
      // On a busy machine the client's own requests may wait too long for the database.
      if (ended.status === 'rejected') expect(ended.reason).toMatchObject({ code: 'errors.unavailable' });
      else expect(ended.value).toMatchObject({ crls: [], ocsp: [], failed: [{}] });
    }
    expect(fixture.source.mostHanging).toBeLessThanOrEqual(40);
    // What would have waited for too long was never asked.
    expect(fixture.source.asked.length).toBeLessThan(500);
  });

  test('13.3 uploads whose sources hang end by themselves, and never delay those of another client', async () => {
    const uploads = Array.from({ length: 30 }, async (_, index) => {
      const name = `hangs-too-${index}`;
      fixture.source.set(name, 'hang');
      return await fixture.post(fixture.leaf({ ocsp: name, crl: name }), '', { extId: name });
    });
    const ended: string[] = [];
    const all = Promise.all(uploads).finally(() => ended.push('those that hang'));
    await fixture.source.nextRequest('hangs-too-0');
    expect(await uploadOfAnother()).toBe(201);
    ended.push('the other one');
    for (const answer of await all) {
      expect([answer.status, outcomeOf(answer)]).toEqual([
        422,
        expect.objectContaining({ found: expect.stringContaining('may be revoked') }),
      ]);
    }
    expect(ended).toEqual(['the other one', 'those that hang']);
  });
});

describe('a responder of another implementation', () => {
  let responder: OpensslResponder;

  beforeAll(() => {
    responder = new OpensslResponder(fixture.anchor);
    // It takes its time from the machine.
    fixture.policies.app.clock.set(new SystemClock().now());
  });

  afterAll(() => responder.remove());

  test('13.2 openssl ocsp: good is registered, revoked and unknown are refused', async () => {
    fixture.source.set('openssl', responder.listener);
    const [good, compromised, held, unknown] = [
      answeredByOpenssl(),
      answeredByOpenssl(),
      answeredByOpenssl(),
      answeredByOpenssl(),
    ] as const;
    responder.knows(good);
    responder.knows(compromised, 'keyCompromise');
    responder.knows(held, 'certificateHold');
    expect((await fixture.post(good)).body).toMatchObject({ stateName: 'active' });
    for (const [certificate, found] of [
      [compromised, 'is revoked (keyCompromise)'],
      [held, 'is revoked (certificateHold)'],
      [unknown, 'may be revoked'],
    ] as const) {
      const answer = await fixture.post(certificate);
      expect([answer.status, outcomeOf(answer)]).toEqual([
        422,
        expect.objectContaining({ found: expect.stringContaining(found) }),
      ]);
    }
  });
});
