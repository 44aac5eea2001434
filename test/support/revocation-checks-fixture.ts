import { vi } from 'vitest';

import { RevocationChecks } from '../../src/certificates/revocation/revocation-checks.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { startApp, type TestApp } from './app.js';
import { Fixture } from './fixture.js';
import { type Answer, CORE, send } from './http.js';
import { authority, endEntity, type Issued } from './signed-certificate.js';
import { crlDer, crlExtensions, revoked, type SignedCrl } from './signed-crl.js';

/** Codes of RFC 5280 section 5.3.1. */
export const KEY_COMPROMISE = 1;
export const CERTIFICATE_HOLD = 6;
export const REMOVE_FROM_CRL = 8;

const minutes = (minute: number) => `26060110${minute}00Z`;
/** Before the tests begin, in order. */
export const [FIRST, SECOND, THIRD] = [minutes(10), minutes(20), minutes(30)];

interface CrlRequest extends SignedCrl {
  readonly issuer?: Issued;
}

interface StoredState {
  readonly state: string;
  readonly stateSetBy: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly version: number;
  readonly lock: string | null;
}

interface StoredEvent {
  readonly actor: string;
  readonly action: string;
  readonly version: number;
  readonly reason: string;
  readonly changes: Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;
}

/** The set `set-1` of client 100 with a root and an issuing CA, and policies that ask about revocation. */
export class RevocationChecksFixture {
  readonly root = authority('Root');
  readonly issuing = authority('Issuing', { issuer: this.root });

  private constructor(readonly fixture: Fixture) {}

  static async start(): Promise<RevocationChecksFixture> {
    const created = new RevocationChecksFixture(await Fixture.start());
    await created.createSet('100');
    for (const revocationCheck of ['soft', 'hard'])
      await created.createPolicy('100', revocationCheck, { revocationCheck });
    await created.createPolicy('100', 'without', {});
    return created;
  }

  get app(): TestApp {
    return this.fixture.app;
  }

  get token(): string {
    return this.fixture.token;
  }

  async createSet(client: string): Promise<void> {
    const [anchors, intermediates] = [toPem(this.root.der), toPem(this.issuing.der)];
    const body = { extId: 'set-1', name: 'Corporate', anchors, intermediates };
    expectStatus(await this.request('POST', `/${client}/trust-anchor-sets`, body), 201);
  }

  async createPolicy(client: string, extId: string, parameters: object): Promise<void> {
    const all = { trustAnchors: 'set-1', certificateUploadCheck: 'tolerant', ...parameters };
    const body = { policyType: 'CertificatePolicy', extId, name: extId, parameters: all };
    expectStatus(await this.request('POST', `/${client}/policies`, body), 201);
  }

  async request(method: string, path: string, body: unknown): Promise<Answer> {
    const token = await this.app.token({ data_room: { clients: ['*'] } });
    return await send(this.app, method, `${CORE}${path}`, { token, body });
  }

  /** Registers it under the policy `soft`, unless the members say otherwise. */
  async register(extId: string, leaf: Issued = endEntity(this.issuing), members: object = {}): Promise<Issued> {
    const body = { extId, certificate: toPem(leaf.der), policyExtId: 'soft', ...members };
    expectStatus(await this.request('POST', '/100/users/helper-7/certificates', body), 201);
    return leaf;
  }

  async patch(extId: string, body: object): Promise<Answer> {
    return await this.request('PATCH', `/100/users/helper-7/certificates/${extId}`, body);
  }

  /** Copies of a credential with other certificates of the issuing CA, in one statement. */
  async copy(extId: string, copies: readonly (readonly [extId: string, leaf: Issued])[]): Promise<void> {
    await this.app.dataSource.query(
      `insert into credentials select r.* from credentials c, unnest($2::text[], $3::bytea[]) as n (ext_id, der),
        lateral jsonb_populate_record(c, jsonb_build_object('ext_id', n.ext_id, 'generation', gen_random_uuid(),
          'der', n.der, 'sha256', sha256(n.der))) as r where c.ext_id = $1`,
      [extId, copies.map(([copy]) => copy), copies.map(([, leaf]) => leaf.der)],
    );
  }

  /** Puts a CRL of the issuing CA, or of another one, into the set, and replaces the one with the same name. */
  async putCrl(request: CrlRequest = {}, name = 'issuing', client = '100'): Promise<Buffer> {
    const { issuer = this.issuing, ...signed } = request;
    const der = crlDer(issuer, signed);
    const token = await this.app.token({ data_room: { clients: ['*'] } });
    const answer = await fetch(`${this.app.url}${CORE}/${client}/trust-anchor-sets/set-1/crls/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/pkix-crl' },
      body: new Uint8Array(der),
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return der;
  }

  /** What has changed since the last check is checked, some time later. */
  async check(app: TestApp = this.app): Promise<void> {
    app.clock.advance(60_000);
    await app.get(RevocationChecks).run();
  }

  async state(extId: string): Promise<StoredState> {
    const [row] = await this.app.dataSource.query<[StoredState]>(
      `select state, state_set_by as "stateSetBy", reason, detail, version, lock from credentials where ext_id = $1`,
      [extId],
    );
    return row;
  }

  async events(extId: string): Promise<readonly StoredEvent[]> {
    return await this.app.dataSource.query<StoredEvent[]>(
      `select actor, action, version, reason, changes from audit_events where ext_id = $1 order by at, version`,
      [extId],
    );
  }

  /** Another server on the same database. */
  async startOther(): Promise<TestApp> {
    const { url } = this.app.dataSource.options as { url: string };
    return await startApp({}, () => url);
  }

  /** Each test has its own CRL under the same name, and every certificate of the tests before is deleted. */
  async empty(): Promise<void> {
    await this.app.dataSource.query('delete from trust_set_crls');
    await this.app.dataSource.query('delete from credentials');
  }

  async close(): Promise<void> {
    vi.restoreAllMocks();
    await this.app.close();
  }
}

export function holdOf(leaf: Issued): Buffer[] {
  return [entry(leaf, CERTIFICATE_HOLD)];
}

/** The entry of a certificate with a reason. */
export function entry(leaf: Issued, reason: number): Buffer {
  return revoked(leaf, crlExtensions.reason(reason));
}

function expectStatus({ status, body }: Answer, expected: number): void {
  if (status !== expected) throw new Error(`${status}: ${JSON.stringify(body)}`);
}
