import type { Settings } from '../../src/config/settings.js';
import type { Answer } from './http.js';
import { type IssuedCertificate, testAuthority } from './pki.js';
import { PolicyFixture } from './policy-fixture.js';

/** An application with a new client for each test, and the requests that tests of trust-anchor sets make. */
export class TrustFixture {
  private constructor(
    readonly policies: PolicyFixture,
    readonly root: IssuedCertificate,
    readonly issuing: IssuedCertificate,
  ) {}

  static async start(overrides: Partial<Settings> = {}): Promise<TrustFixture> {
    const root = await testAuthority({ name: 'Root' });
    const issuing = await testAuthority({ name: 'Issuing', issuer: root });
    return new TrustFixture(await PolicyFixture.start(overrides), root, issuing);
  }

  get app() {
    return this.policies.app;
  }

  path(extId = ''): string {
    return `/${this.policies.client}/trust-anchor-sets${extId === '' ? '' : `/${extId}`}`;
  }

  /** Creates the set `set-1`, unless the members say otherwise. */
  async create(members: object = {}): Promise<Answer> {
    const body = { extId: 'set-1', name: 'Corporate', anchors: this.root.pem, ...members };
    return await this.policies.request('POST', this.path(), { body });
  }

  async read(extId = 'set-1'): Promise<Answer> {
    return await this.policies.request('GET', this.path(extId));
  }

  async patch(body: object, extId = 'set-1'): Promise<Answer> {
    return await this.policies.request('PATCH', this.path(extId), { body });
  }

  async delete(extId = 'set-1'): Promise<Answer> {
    return await this.policies.request('DELETE', this.path(extId));
  }

  /** Creates the policy `p-1`, which names this set. */
  async createPolicy(trustAnchors = 'set-1', members: object = {}): Promise<Answer> {
    const policy = { policyType: 'CertificatePolicy', extId: 'p-1', name: 'Chained', parameters: { trustAnchors } };
    return await this.policies.create({ ...policy, ...members });
  }
}
