/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BulkFixture } from '../support/bulk-fixture.js';
import { fieldsOf, refusalOf } from '../support/http.js';

let bulk: BulkFixture;

beforeAll(async () => {
  bulk = await BulkFixture.start();
  for (const user of ['u1', 'u2', 'u3']) await bulk.fixture.builders.user('100', user);
});

afterAll(async () => await bulk.close());

const register = async (extId: string, user = 'u1', members = {}) => await bulk.fixture.register(extId, members, user);

describe('B1 17.1 what a job does', () => {
  test('disables the certificates that a filter selects, each with an event of its own', async () => {
    const paths = [await register('d1'), await register('d2', 'u2'), await register('d3', 'u3')];
    const answer = await bulk.post({
      action: 'disable',
      filter: { issuerDN: 'CN=d1' },
      parameters: { modificationComment: 'compromised' },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(bulk.path(`/${answer.body.id}`));
    expect(answer.body).toEqual({
      id: expect.any(String),
      action: 'disable',
      status: 'running',
      parameters: { filter: { issuerDN: 'CN=d1' }, modificationComment: 'compromised' },
      actor: 'admin-1',
      total: 1,
      changed: 0,
      unchanged: 0,
      refused: 0,
      gone: 0,
      created: expect.any(String),
    });
    await bulk.work();
    expect(await bulk.read(answer.body.id)).toMatchObject({
      status: 'completed',
      total: 1,
      changed: 1,
      ended: expect.any(String),
      undoUntil: expect.any(String),
    });
    const [first = '', second = ''] = paths;
    expect((await bulk.fixture.read(first)).body).toMatchObject({
      stateName: 'disabled',
      stateChangeReason: 'changed-by-batchjob',
      modificationComment: 'compromised',
      version: 2,
    });
    expect((await bulk.fixture.read(second)).body).toMatchObject({ stateName: 'active', version: 1 });
    const [, changed] = await bulk.events('d1');
    expect(changed).toMatchObject({
      action: 'changed',
      kind: 'certificate',
      version: 2,
      actor: 'admin-1',
      reason: 'changed-by-batchjob',
      comment: 'compromised',
    });
    expect(await bulk.events(answer.body.id)).toMatchObject([
      { kind: 'job', action: 'created', version: null, changes: { action: { to: 'disable' }, total: { to: 1 } } },
      {
        kind: 'job',
        action: 'changed',
        version: null,
        changes: { status: { from: 'running', to: 'completed' }, changed: { to: 1 }, refused: { to: 0 } },
      },
    ]);
  });
});

test('17.1 errors of a request are reported together', async () => {
  const answer = await bulk.post({ action: 'move', filter: { stateName: 'x', colour: 'red' } });
  expect(refusalOf(answer)[0]).toBe(422);
  expect(fieldsOf(answer)).toEqual(['parameters.policyExtId']);
});
