/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { expect } from 'vitest';

import type { Answer, Sending } from './http.js';
import { type CertificateRequest, type IssuedCertificate, issueCertificate } from './pki.js';
import { TrustFixture } from './trust-fixture.js';

export const DAY_MS = 86_400_000;

const CERTIFICATES = '/users/u-1/certificates';

interface HistoryEntry {
  readonly version: number;
  readonly reason?: string;
  readonly changes: Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;
}

/** A client with the users `u-1` and `u-2` for each test, and the requests that tests of renewals make. */
export class RenewalFixture {
  private constructor(
    readonly trust: TrustFixture,
    /** Of Jane, from January and from February on. */
    readonly first: IssuedCertificate,
    readonly second: IssuedCertificate,
  ) {}

  static async start(): Promise<RenewalFixture> {
    const trust = await TrustFixture.start({ clientCertHeader: 'rfc9440', trustedProxies: ['127.0.0.1'] });
    const [first, second] = [await leafOf(trust, '2026-01-01T00:00:00Z'), await leafOf(trust, '2026-02-01T00:00:00Z')];
    return new RenewalFixture(trust, first, second);
  }

  get app() {
    return this.trust.app;
  }

  /** A new client, whose policy `p-1` names the set, and in which `u-1` has the first certificate as `cert`. */
  async nextClient(): Promise<void> {
    this.app.clock.advance(60_000);
    const { policies } = this.trust;
    await policies.nextClient();
    await policies.builders.policy(policies.client, 'default');
    await policies.builders.user(policies.client, 'u-1');
    await policies.builders.user(policies.client, 'u-2');
    await this.trust.create({ intermediates: this.trust.issuing.pem });
    await this.trust.createPolicy();
    await this.register(this.first, 'cert');
  }

  /** Of Jane, if the request does not say otherwise. */
  async leaf(notBefore: string, request: Partial<CertificateRequest> = {}): Promise<IssuedCertificate> {
    return await leafOf(this.trust, notBefore, request);
  }

  async request(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return await this.trust.policies.request(method, `/${this.trust.policies.client}${path}`, sending);
  }

  async logIn({ pem }: { readonly pem: string }, members: object = {}): Promise<Answer['body']> {
    const body = { certificate: pem, ...members };
    const answer = await this.request('POST', '/certificate-logins', { body });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async register({ pem }: IssuedCertificate, extId: string, userExtId = 'u-1', policyExtId = 'p-1'): Promise<void> {
    const body = { certificate: pem, extId, policyExtId };
    expect((await this.request('POST', `/users/${userExtId}/certificates`, { body })).status).toBe(201);
  }

  async patch(extId: string, body: object): Promise<void> {
    expect((await this.request('PATCH', `${CERTIFICATES}/${extId}`, { body })).status).toBe(200);
  }

  async credential(extId: string): Promise<Answer['body']> {
    return (await this.request('GET', `${CERTIFICATES}/${extId}`)).body;
  }

  async history(extId: string): Promise<readonly HistoryEntry[]> {
    return (await this.request('GET', `${CERTIFICATES}/${extId}/history`)).body.items as HistoryEntry[];
  }

  async setParameters(parameters: object): Promise<void> {
    const { body } = await this.request('GET', '/policies/p-1');
    const changed = { version: body.version as number, parameters: { trustAnchors: 'set-1', ...parameters } };
    expect((await this.trust.policies.patch('p-1', changed)).status).toBe(200);
  }

  /** What gateways have to ask again. */
  async denied(): Promise<readonly unknown[]> {
    const select = `select kind || ' ' || value as denial from certificate_denials where client_ext_id = $1 order by at`;
    const rows = await this.app.dataSource.query<{ denial: string }[]>(select, [this.trust.policies.client]);
    return rows.map(({ denial }) => denial);
  }
}

async function leafOf(
  { issuing }: TrustFixture,
  notBefore: string,
  request: Partial<CertificateRequest> = {},
): Promise<IssuedCertificate> {
  const extensions = { subjectKeyIdentifier: true } as const;
  return await issueCertificate({ subject: [{ CN: ['Jane'] }], issuer: issuing, notBefore, extensions, ...request });
}

export const remediesOf = (body: Answer['body']): string =>
  (body.explanation as { remedies: string[] }).remedies.join(' ');
