import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import type { Settings } from '../../src/config/settings.js';
import { Fixture } from './fixture.js';
import { type Answer, CORE, send } from './http.js';

type Line = Readonly<Record<string, unknown>>;

/** What became of the lines of an import, and the job with its counts. */
export interface Imported {
  readonly rows: readonly { readonly position: number; readonly result: string; readonly errors?: readonly Line[] }[];
  readonly job: Readonly<Record<string, unknown>>;
}

interface Sending {
  readonly type?: string;
  readonly client?: string;
  readonly token?: string;
  readonly query?: string;
}

/** An application, and the requests that tests of imports and exports make. */
export class ImportFixture {
  private constructor(readonly fixture: Fixture) {}

  static async start(settings: Partial<Settings> = {}): Promise<ImportFixture> {
    return new ImportFixture(await Fixture.start(settings));
  }

  async close(): Promise<void> {
    await this.fixture.app.close();
  }

  /** An administrator with every right in both clients. */
  async token(claims: object = {}): Promise<string> {
    return await this.fixture.app.token({ data_room: { clients: ['100', '200'] }, ...claims });
  }

  async post(body: string, { type = 'application/x-ndjson', client = '100', token, query = '' }: Sending = {}) {
    const headers = { 'Content-Type': type };
    const sending = { token: token ?? (await this.token()), headers, body };
    return await send(this.fixture.app, 'POST', `${CORE}/${client}/import${query}`, sending);
  }

  /** Imports the file, and waits for the end of the job. */
  async import(body: string, sending: Sending = {}): Promise<Imported> {
    const answer = await this.post(body, sending);
    if (answer.status !== 202) throw new Error(`Not imported: ${JSON.stringify(answer.body)}`);
    await this.fixture.app.get(BulkJobRunner).run();
    const lines = await this.text(answer.headers.get('location') ?? '', 'application/x-ndjson', sending);
    return imported(lines);
  }

  async importLines(lines: readonly Line[], sending: Sending = {}): Promise<Imported> {
    return await this.import(linesOf(lines), sending);
  }

  async dryRun(body: string, sending: Sending = {}): Promise<Imported> {
    const { type = 'application/x-ndjson', client = '100' } = sending;
    const response = await fetch(`${this.fixture.app.url}${CORE}/${client}/import?dryRun=true`, {
      method: 'POST',
      headers: { 'Content-Type': type, Authorization: `Bearer ${sending.token ?? (await this.token())}` },
      body,
    });
    if (response.status !== 200) throw new Error(`No dry run: ${await response.text()}`);
    return imported(await response.text());
  }

  /** The users or certificates of a client as a file. */
  async export(what: 'users' | 'certificates', type: string, client = '100', query = ''): Promise<string> {
    const path = what === 'users' ? `/clients/${client}/users` : `/${client}/certificates`;
    return await this.text(CORE + path + query, type);
  }

  async text(path: string, accept: string, { token }: Sending = {}): Promise<string> {
    const headers = { Authorization: `Bearer ${token ?? (await this.token())}`, Accept: accept };
    const response = await fetch(this.fixture.app.url + path, { headers });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return await response.text();
  }

  async read(path: string, client = '100'): Promise<Answer> {
    return await send(this.fixture.app, 'GET', `${CORE}/${client}${path}`, { token: await this.token() });
  }

  async eventsOf(extId: string): Promise<readonly Record<string, unknown>[]> {
    return await this.fixture.app.dataSource.query(
      `select kind, action, reason, actor from audit_events where ext_id = $1 order by at, id`,
      [extId],
    );
  }
}

export function linesOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function imported(text: string): Imported {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { rows: lines.slice(0, -1) as Imported['rows'], job: lines.at(-1) as Imported['job'] };
}

/** The result of each line, with the codes and fields of its errors. */
export function resultsOf({ rows }: Imported): readonly string[] {
  return rows.map(({ position, result, errors = [] }) =>
    [`${position} ${result}`, ...errors.map(({ code, field }) => `${code as string} ${field as string}`)].join(', '),
  );
}
