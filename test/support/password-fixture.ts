import type { Settings } from '../../src/config/settings.js';
import { Fixture } from './fixture.js';
import { type Answer, CORE, send, type Sending } from './http.js';

export const PASSWORD = 'correct horse battery staple';

/** An application whose client has a default PwdPolicy, and the requests that tests of passwords make. */
export class PasswordFixture {
  private constructor(readonly fixture: Fixture) {}

  static async start(parameters: Readonly<Record<string, string>> = {}, settings: Partial<Settings> = {}) {
    const made = new PasswordFixture(await Fixture.start(settings));
    await made.policy('passwords', parameters, true);
    return made;
  }

  get app() {
    return this.fixture.app;
  }

  path(userExtId = 'helper-7', clientExtId = '100'): string {
    return `${CORE}/${clientExtId}/users/${userExtId}/password`;
  }

  async policy(extId: string, parameters: Readonly<Record<string, string>>, defaultPolicy = false): Promise<void> {
    const body = { policyType: 'PwdPolicy', name: extId, extId, parameters, defaultPolicy };
    const answer = await send(this.app, 'POST', `${CORE}/100/policies`, { token: this.fixture.token, body });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }

  /** Creates a user with this password; returns the path of the password. */
  async user(extId: string, members: Readonly<Record<string, unknown>> = {}): Promise<string> {
    await this.fixture.builders.user('100', extId);
    const answer = await this.send('POST', this.path(extId), { body: { password: PASSWORD, ...members } });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return this.path(extId);
  }

  /** Sends a request as an administrator with every right. */
  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return await send(this.app, method, path, { token: this.fixture.token, ...sending });
  }

  async self(userExtId: string): Promise<string> {
    return await this.app.token({ sub: userExtId, roles: ['nevisIdm.SelfAdmin'] });
  }

  /** The state of the user's password, and the number of failed logins since the last success. */
  async stateOf(userExtId: string): Promise<[string, number]> {
    const { stateName, failedLoginCount } = (await this.send('GET', this.path(userExtId))).body as {
      stateName: string;
      failedLoginCount: number;
    };
    return [stateName, failedLoginCount];
  }

  /** Sends T1 as this user. */
  async logIn(userExtId: string, password: string, members: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    return await send(this.app, 'POST', '/nevisidm/api/principal/v1/token', {
      token: await this.self(userExtId),
      body: { grant_type: 'password', username: userExtId, password, ...members },
    });
  }

  /** The X-Token of a login with this password. */
  async xToken(userExtId: string, password = PASSWORD): Promise<string> {
    const answer = await this.logIn(userExtId, password);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body.access_token as string;
  }

  /** All rows of passwords as one text, to compare before and after a request. */
  async stored(): Promise<string> {
    const rows: unknown = await this.app.dataSource.query(
      `select (select string_agg(c::text, E'\\n' order by c.ext_id) from credentials c where type = 'Password') as c,
        (select string_agg(w::text, E'\\n' order by w.credential_ext_id) from passwords w) as w,
        (select count(*) from audit_events where action <> 'refused') as events`,
    );
    return JSON.stringify(rows);
  }
}
