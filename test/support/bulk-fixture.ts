import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import type { Settings } from '../../src/config/settings.js';
import { Leader, NotLeaderError } from '../../src/database/leader.js';
import { Fixture } from './fixture.js';
import { type Answer, CORE, send, type Sending } from './http.js';

const FAR = Date.UTC(2100, 0) / 1000;

const FOREIGN_LEADER = '00000000-0000-4000-8000-000000000000';

/** A fixture whose jobs run when a test says so. */
export class BulkFixture {
  private users = 0;

  private constructor(
    readonly fixture: Fixture,
    /** Of an administrator, also after the clock has been moved far. */
    private readonly token: string,
  ) {}

  static async start(settings: Partial<Settings> = {}): Promise<BulkFixture> {
    const fixture = await Fixture.start(settings);
    const bulk = await BulkFixture.of(fixture);
    await bulk.hold();
    return bulk;
  }

  /** Of a server that runs already, and whose jobs run. */
  static async of(fixture: Fixture): Promise<BulkFixture> {
    return new BulkFixture(fixture, await fixture.app.token({ data_room: { clients: ['*'] }, exp: FAR }));
  }

  get app() {
    return this.fixture.app;
  }

  path(below = '', clientExtId = '100'): string {
    return `${CORE}/${clientExtId}/certificates/bulk${below}`;
  }

  async request(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    return await send(this.app, method, path, { token: this.token, ...sending });
  }

  async post(body: object, sending: Sending = {}): Promise<Answer> {
    return await this.request('POST', this.path(), { ...sending, body });
  }

  /** Certificates of a user of their own. */
  async someOf(count: number, clientExtId = '100') {
    this.users += 1;
    const user = `owner-${this.users}`;
    await this.fixture.builders.user(clientExtId, user);
    const ids = Array.from({ length: count }, (_, index) => `${user}-c${index + 1}`);
    for (const id of ids) {
      const body = { extId: id, certificate: await this.fixture.pem(id) };
      await this.request('POST', this.fixture.path(user, clientExtId), { body });
    }
    const path = (id: string) => `${this.fixture.path(user, clientExtId)}/${id}`;
    const read = async (id: string) => (await this.request('GET', path(id))).body;
    return { user, ids, path, read, filter: { userExtId: user }, first: ids[0] ?? '' };
  }

  /** Makes a job that does not run yet; returns its id. */
  async begin(body: object, clientExtId = '100'): Promise<string> {
    const answer = await this.request('POST', this.path('', clientExtId), { body });
    if (answer.status !== 202) throw new Error(`No job: ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  async undo(id: string): Promise<string> {
    const answer = await this.request('POST', this.path(`/${id}/undo`));
    if (answer.status !== 202) throw new Error(`Not undone: ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  /** Makes a job and runs it to its end; returns it as it is then. */
  async run(body: object, clientExtId = '100') {
    const id = await this.begin(body, clientExtId);
    await this.work();
    return await this.read(id, clientExtId);
  }

  async read(id: string, clientExtId = '100') {
    // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
    return (await this.request('GET', this.path(`/${id}`, clientExtId))).body as any;
  }

  /** The lines of the results, the last one of which is the job. */
  async results(id: string, clientExtId = '100') {
    const response = await fetch(this.app.url + this.path(`/${id}`, clientExtId), {
      headers: { Authorization: `Bearer ${this.token}`, Accept: 'application/x-ndjson' },
    });
    const text = await response.text();
    return (
      text
        .trimEnd()
        .split('\n')
        // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
        .map((line) => JSON.parse(line) as any)
    );
  }

  /** Runs all jobs to their ends. */
  async work(): Promise<void> {
    await this.release();
    do {
      // The run that a request began found another leader.
      await this.app.get(BulkJobRunner).run().catch(requireNotLeader);
    } while (await this.isRunning());
    await this.hold();
  }

  private async isRunning(): Promise<boolean> {
    return (
      (await this.app.dataSource.query<unknown[]>(`select 1 from jobs where status = 'running' limit 1`)).length > 0
    );
  }

  /** Another server is the leader, so that this one changes no row. */
  async hold(): Promise<void> {
    await this.app.dataSource.query(
      `insert into leases (name, holder, until) values ('background', $1, clock_timestamp() + interval '1 hour')
        on conflict (name) do update set holder = excluded.holder, until = excluded.until`,
      [FOREIGN_LEADER],
    );
  }

  async release(): Promise<void> {
    await this.app.dataSource.query('delete from leases where holder = $1', [FOREIGN_LEADER]);
    // So that it does not rely on what it knew before.
    await this.app.get(Leader).confirm().catch(requireNotLeader);
  }

  /** All audit events of the client that are about this resource, oldest first. */
  async events(extId: string): Promise<{ kind: string; action: string; reason: string | null; version: number }[]> {
    return await this.app.dataSource.query(
      `select kind, action, reason, comment, version, actor, request_id, changes from audit_events
        where ext_id = $1 and action <> 'refused' order by at, id`,
      [extId],
    );
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

function requireNotLeader(error: unknown): void {
  if (!(error instanceof NotLeaderError)) throw error;
}
