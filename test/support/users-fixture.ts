import type { Settings } from '../../src/config/settings.js';
import { startApp, type TestApp } from './app.js';
import { Builders } from './builders.js';
import { type Answer, CORE, send, type Sending } from './http.js';

export const USERS = `${CORE}/100/users`;

/** An application with the clients 100 and 200 without users, and the requests that tests of users make in client 100. */
export class UsersFixture {
  private constructor(
    readonly app: TestApp,
    /** The token of an administrator of client 100 with every right. */
    private readonly token: string,
  ) {}

  static async start(settings: Partial<Settings> = {}): Promise<UsersFixture> {
    const app = await startApp(settings);
    const builders = new Builders(app.dataSource);
    for (const client of ['100', '200']) await builders.client(client);
    return new UsersFixture(app, await app.token());
  }

  /** Sends a request as that administrator. */
  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return await send(this.app, method, path, { token: this.token, ...sending });
  }

  async create(body: object): Promise<Answer> {
    return await this.send('POST', USERS, { body });
  }

  /** Creates a user, with a generated extId unless one is given; returns the path of the user. */
  async user(extId?: string, members: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const answer = await this.create({ ...members, extId });
    if (answer.status !== 201) throw new Error(`Not created: ${JSON.stringify(answer.body)}`);
    return `${USERS}/${answer.body.extId as string}`;
  }

  async read(path: string): Promise<Answer> {
    return await this.send('GET', path);
  }

  async patch(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return await this.send('PATCH', path, { body, headers });
  }

  async eventsOf(extId: string): Promise<Record<string, unknown>[]> {
    return await this.app.dataSource.query(
      `select action, version, changes, after, actor, comment from audit_events
        where client_ext_id = '100' and kind = 'user' and ext_id = $1 order by version nulls last`,
      [extId],
    );
  }
}
