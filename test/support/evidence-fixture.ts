import { RevocationEvidenceService } from '../../src/trust/revocation/revocation-evidence.service.js';
import type { WantedEvidence } from '../../src/trust/revocation/wanted-evidence.model.js';
import { startApp, type TestApp } from './app.js';
import { Builders } from './builders.js';
import { RevocationSources } from './revocation-sources.js';
import { authority, endEntity, type Issued } from './signed-certificate.js';

export const CRL_URL = 'http://crl.example.com/root.crl';
export const OCSP_URL = 'http://ocsp.example.com/';

export const root = authority('Root');
export const leaf = endEntity(root);

export const wantedCrl = (url = CRL_URL): WantedEvidence => ({
  source: { kind: 'crl', url },
  certificate: leaf.certificate,
  issuer: root.certificate,
});

export const wantedOcsp = (certificate: Issued = leaf): WantedEvidence => ({
  source: { kind: 'ocsp', url: OCSP_URL },
  certificate: certificate.certificate,
  issuer: root.certificate,
});

export const numbersOf = ({ crls }: { readonly crls: readonly { readonly number: bigint | undefined }[] }) =>
  crls.map(({ number }) => number);

/** Two servers on one database; each test has a client and sources of its own. */
export class EvidenceFixture {
  private clients = 0;
  sources = new RevocationSources();

  private constructor(
    readonly app: TestApp,
    readonly other: TestApp,
  ) {}

  static async start(): Promise<EvidenceFixture> {
    const app = await startApp();
    const { url } = app.dataSource.options as { url: string };
    return new EvidenceFixture(app, await startApp({}, () => url));
  }

  async close(): Promise<void> {
    await this.other.close();
    await this.app.close();
  }

  get client(): string {
    return `c-${this.clients}`;
  }

  async nextClient(): Promise<void> {
    this.clients += 1;
    await new Builders(this.app.dataSource).client(this.client);
    this.sources = new RevocationSources();
    this.sources.serve(this.app);
    this.sources.serve(this.other);
  }

  service(server = this.app): RevocationEvidenceService {
    return server.get(RevocationEvidenceService);
  }

  async fetched(
    wanted: readonly WantedEvidence[],
    { of = this.client, server = this.app, signal = AbortSignal.timeout(60_000) } = {},
  ) {
    return await this.service(server).fetch(of, wanted, { now: server.clock.now(), signal });
  }

  async stored(wanted: readonly WantedEvidence[], of = this.client, server = this.app) {
    return await this.service(server).stored(of, 'set-1', wanted, server.clock.now());
  }

  async row(of = this.client): Promise<Record<string, unknown> | undefined> {
    const [first] = await this.app.dataSource.query<Record<string, unknown>[]>(
      'select * from revocation_answers where client_ext_id = $1',
      [of],
    );
    return first;
  }

  async countOf(of = this.client): Promise<number> {
    const [counted] = await this.app.dataSource.query<{ count: number }[]>(
      'select count(*)::integer as count from revocation_answers where client_ext_id = $1',
      [of],
    );
    return counted?.count ?? 0;
  }
}
