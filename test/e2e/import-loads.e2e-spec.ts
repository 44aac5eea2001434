import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import { JobUpkeep } from '../../src/bulk/job-upkeep.js';
import { appError } from '../../src/common/errors.js';
import { BackgroundDatabase, Database } from '../../src/database/database.js';
import { afterRead } from '../support/after-read.js';
import { CORE } from '../support/http.js';
import { ImportFixture, linesOf } from '../support/import-fixture.js';

let app: ImportFixture;

beforeAll(async () => {
  app = await ImportFixture.start();
});

afterAll(async () => await app.close());

afterEach(() => vi.restoreAllMocks());

const FILE = linesOf(Array.from({ length: 60 }, (_, index) => ({ userExtId: `loaded-${index}`, remarks: 'x' })));

const jobs = async () =>
  await app.fixture.app.dataSource.query<{ id: string; status: string; rows: number }[]>(
    `select id, status, (select count(*)::integer from job_rows r where r.job_id = j.id) as rows from jobs j
      where ended is null`,
  );

/** Begins an import, and does `work` once its lines are there and before it begins to run. */
function onceLoaded(work: () => Promise<unknown>): void {
  afterRead(app.fixture.app.get(Database), 'insert_lines_of_import', work);
}

test('17.4 a load that begins to run while it is removed as abandoned keeps its lines', async () => {
  vi.spyOn(app.fixture.app.get(BulkJobRunner), 'wake').mockReturnValue();
  const { promise: found, resolve: isFound } = Promise.withResolvers<void>();
  const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>();
  let upkeep: Promise<void> | undefined;
  onceLoaded(async () => {
    app.fixture.app.clock.advance(120_000);
    afterRead(app.fixture.app.get(BackgroundDatabase), 'find_jobs_to_remove', async () => {
      isFound();
      await begun;
    });
    upkeep = app.fixture.app.get(JobUpkeep).run();
    await found;
  });
  const answer = await app.post(FILE);
  hasBegun();
  await upkeep;
  expect(answer.status).toBe(202);
  expect(await jobs()).toEqual([{ id: answer.body.id as string, status: 'running', rows: 60 }]);
  vi.restoreAllMocks();
  await app.fixture.app.get(BulkJobRunner).run();
});

test('17.4 a load that is left is removed, and does not begin to run', async () => {
  onceLoaded(async () => {
    app.fixture.app.clock.advance(120_000);
    await app.fixture.app.get(JobUpkeep).run();
  });
  expect((await app.post(FILE)).status).toBe(404);
  expect(await jobs()).toEqual([]);
});

test('17.4 a job of which it is unknown whether it has begun is not removed', async () => {
  vi.spyOn(app.fixture.app.get(BulkJobRunner), 'wake').mockReturnValue();
  const database = app.fixture.app.get(Database);
  const transaction = database.transaction.bind(database);
  onceLoaded(async () => {
    vi.spyOn(database, 'transaction').mockImplementationOnce(async (...sent) => {
      await transaction(...sent);
      throw appError({ code: 'errors.unavailable', message: 'The connection broke after the commit.' });
    });
    await Promise.resolve();
  });
  expect((await app.post(FILE)).status).toBe(503);
  expect(await jobs()).toMatchObject([{ status: 'running', rows: 60 }]);
  vi.restoreAllMocks();
  await app.fixture.app.get(BulkJobRunner).run();
});

test('17.4 the answer to a dry run that is stopped does not look complete', async () => {
  let stopped: number | undefined;
  afterRead(app.fixture.app.get(Database), 'read_loaded_lines_of_import', async () => {
    const [job] = await jobs();
    const token = await app.token();
    const headers = { Authorization: `Bearer ${token}` };
    const path = `${app.fixture.app.url}${CORE}/100/certificates/bulk/${job?.id}`;
    stopped = (await fetch(path, { method: 'DELETE', headers })).status;
  });
  await expect(app.dryRun(FILE)).rejects.toThrow();
  expect(stopped).toBe(204);
});
