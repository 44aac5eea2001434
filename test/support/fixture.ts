import type { Settings } from '../../src/config/settings.js';
import { startApp, type TestApp } from './app.js';
import { Builders } from './builders.js';
import { type Answer, CORE, send } from './http.js';
import { type CertificateRequest, issueCertificate } from './pki.js';

/** An application with one client and one user, and the requests that most tests make. */
export class Fixture {
  private constructor(
    readonly app: TestApp,
    readonly builders: Builders,
    /** The token of an administrator of client 100 with every right. */
    readonly token: string,
  ) {}

  /** Starts it with client 100, the policies `default`, `tolerant` and `strict` (at most 397 days), and the user `helper-7`. */
  static async start(settings: Partial<Settings> = {}): Promise<Fixture> {
    const app = await startApp(settings);
    const builders = new Builders(app.dataSource);
    await builders.client('100');
    await builders.policy('100', 'default');
    await builders.policy('100', 'tolerant', { certificateUploadCheck: 'tolerant', maxValidityDays: '397' });
    await builders.policy('100', 'strict', { certificateUploadCheck: 'strict', maxValidityDays: '397' });
    await builders.user('100', 'helper-7', { firstName: 'Jane', familyName: 'Doe' });
    return new Fixture(app, builders, await app.token());
  }

  /** The path of a user's certificates. */
  path(userExtId = 'helper-7', clientExtId = '100'): string {
    return `${CORE}/${clientExtId}/users/${userExtId}/certificates`;
  }

  async pem(commonName: string, request: Partial<CertificateRequest> = {}): Promise<string> {
    const extensions = { subjectKeyIdentifier: true } as const;
    return (await issueCertificate({ subject: [{ CN: [commonName] }], extensions, ...request })).pem;
  }

  /** Registers a certificate with this common name as the administrator; returns the path of the credential. */
  async register(extId: string, members: Readonly<Record<string, unknown>> = {}, user?: string): Promise<string> {
    const body = { extId, certificate: await this.pem(extId), ...members };
    const answer = await send(this.app, 'POST', this.path(user), { token: this.token, body });
    if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
    return `${this.path(user)}/${extId}`;
  }

  async read(path: string): Promise<Answer> {
    return await send(this.app, 'GET', path, { token: this.token });
  }

  async patch(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return await send(this.app, 'PATCH', path, { token: this.token, body, headers });
  }

  /** All credentials and audit events except refusals as one text, to compare before and after a request. */
  async stored(): Promise<string> {
    const rows: unknown = await this.app.dataSource.query(
      `select (select string_agg(c::text, E'\\n' order by c.client_ext_id, c.ext_id) from credentials c) as credentials,
        (select string_agg(t.id::text, E'\\n' order by t.id) from audit_events t
          where t.action <> 'refused') as events`,
    );
    return JSON.stringify(rows);
  }
}
