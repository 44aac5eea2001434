import type { Settings } from '../../src/config/settings.js';
import { startApp, type TestApp } from './app.js';
import { Builders } from './builders.js';
import { type Answer, CORE, send, type Sending } from './http.js';

export const CERTIFICATE_POLICY = { policyType: 'CertificatePolicy', extId: 'p-1', name: 'Strict' };

/** The clock of tests may go on by years. */
const FAR = Date.UTC(2100, 0) / 1000;

/** An application with a new client without policies for each test, and the requests that tests of policies make. */
export class PolicyFixture {
  /** The extId of the client of the current test. */
  client = '';
  private clients = 0;

  private constructor(
    readonly app: TestApp,
    readonly builders: Builders,
    private readonly token: string,
  ) {}

  static async start(overrides: Partial<Settings> = {}): Promise<PolicyFixture> {
    const app = await startApp(overrides);
    return new PolicyFixture(
      app,
      new Builders(app.dataSource),
      await app.token({ data_room: { clients: ['*'] }, exp: FAR }),
    );
  }

  /** Creates a client and uses it from now on. */
  async nextClient(): Promise<void> {
    this.clients += 1;
    this.client = `c-${this.clients}`;
    await this.builders.client(this.client);
  }

  /** Sends a request as an administrator of all clients; `path` follows the version of the API. */
  async request(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return await send(this.app, method, `${CORE}${path}`, { token: this.token, ...sending });
  }

  async create(body: object): Promise<Answer> {
    return await this.request('POST', `/${this.client}/policies`, { body });
  }

  async read(extId: string): Promise<Answer> {
    return await this.request('GET', `/${this.client}/policies/${extId}`);
  }

  async patch(extId: string, body: object): Promise<Answer> {
    return await this.request('PATCH', `/${this.client}/policies/${extId}`, { body });
  }

  async delete(extId: string): Promise<Answer> {
    return await this.request('DELETE', `/${this.client}/policies/${extId}`);
  }

  async eventsOf(extId: string): Promise<{ action: string; version: number | null; changes: object | null }[]> {
    return await this.app.dataSource.query(
      `select action, version, changes from audit_events
        where client_ext_id = $1 and ext_id = $2 order by version nulls last`,
      [this.client, extId],
    );
  }
}

export function itemsOf({ body }: Answer): readonly { readonly extId: string; readonly defaultPolicy: boolean }[] {
  return (body as { items: { extId: string; defaultPolicy: boolean }[] }).items;
}
