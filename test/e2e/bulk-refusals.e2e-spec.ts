import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { BulkFixture } from '../support/bulk-fixture.js';
import { fieldsOf, refusalOf } from '../support/http.js';

let bulk: BulkFixture;

/** Of one certificate. */
const filter = { userExtId: 'helper-7' };

beforeAll(async () => {
  bulk = await BulkFixture.start();
  await bulk.fixture.register('only');
});

afterAll(async () => await bulk.close());

const administrator = async (...permissions: string[]) =>
  await bulk.app.token({ roles: [], permissions: permissions.map((name) => `AccessControl.${name}`) });

describe('B1 17.1 who may', () => {
  test.each([
    ['disable', ['CredentialView'], 'CredentialModify'],
    ['enable', ['CredentialView'], 'CredentialModify'],
    ['disable', ['CredentialModify'], 'CredentialView'],
    ['move', ['CredentialView', 'CredentialModify', 'PolicyView'], 'CredentialChangeState'],
    ['move', ['CredentialView', 'CredentialModify', 'CredentialChangeState'], 'PolicyView'],
    ['delete', ['CredentialView', 'CredentialModify'], 'CredentialDelete'],
  ])('%s with %j is 403 without %s, also as a dry run', async (action, permissions) => {
    const token = await administrator(...permissions);
    const parameters = action === 'move' ? { parameters: { policyExtId: 'strict' } } : {};
    for (const dryRun of [false, true]) {
      const answer = await bulk.post({ action, filter: { keyType: 'EC:P-256' }, ...parameters, dryRun }, { token });
      expect(refusalOf(answer)).toEqual([403, ['errors.permissionDenied']]);
    }
  });

  test('another client is 403 for every route', async () => {
    const id = (await bulk.run({ action: 'disable', filter })).id as string;
    const token = await bulk.app.token({ client_ext_id: '200', data_room: { clients: ['200'] } });
    for (const [method, path, body] of [
      ['POST', bulk.path(), { action: 'disable', filter }],
      ['GET', bulk.path(), undefined],
      ['GET', bulk.path(`/${id}`), undefined],
      ['DELETE', bulk.path(`/${id}`), undefined],
      ['POST', bulk.path(`/${id}/undo`), undefined],
    ] as const) {
      const answer = await bulk.request(method, path, { token, body });
      expect(refusalOf(answer), `${method} ${path}`).toEqual([403, ['errors.dataroomDenied']]);
    }
  });

  test('stopping and undoing need the rights of the job, and a job of another client is 404', async () => {
    const id = (await bulk.run({ action: 'disable', filter })).id as string;
    const token = await administrator('CredentialView');
    expect((await bulk.request('DELETE', bulk.path(`/${id}`), { token })).status).toBe(403);
    expect((await bulk.request('POST', bulk.path(`/${id}/undo`), { token })).status).toBe(403);
    await bulk.fixture.builders.client('300');
    const all = await bulk.app.token({ data_room: { clients: ['*'] } });
    for (const method of ['GET', 'DELETE']) {
      const answer = await bulk.request(method, bulk.path(`/${id}`, '300'), { token: all });
      expect(refusalOf(answer)).toEqual([404, ['errors.noRecord']]);
    }
    expect((await bulk.request('GET', bulk.path('/no-id'))).status).toBe(404);
  });
});

describe('B1 17.1 what may be sent', () => {
  test.each<[string, object, string[]]>([
    ['neither filter nor ids', { action: 'disable' }, ['filter']],
    ['both', { action: 'disable', filter: { keyType: 'x' }, ids: ['a'] }, ['filter']],
    ['an empty filter', { action: 'disable', filter: {} }, ['filter']],
    [
      'filters that are none, and values that are none',
      { action: 'disable', filter: { colour: 'red', stateName: 'x', q: 'ab' } },
      ['filter.colour', 'filter.stateName', 'filter.q'],
    ],
    ['no ids', { action: 'disable', ids: [] }, ['ids']],
    ['an unknown action', { action: 'archive', ids: ['a'] }, ['action']],
    ['a move without a policy', { action: 'move', ids: ['a'] }, ['parameters.policyExtId']],
    [
      'a policy for another action',
      { action: 'enable', ids: ['a'], parameters: { policyExtId: 'a' } },
      ['parameters.policyExtId'],
    ],
    [
      'a comment on a deletion',
      { action: 'delete', ids: ['a'], parameters: { modificationComment: 'a' } },
      ['parameters.modificationComment'],
    ],
    ['ids without a certificate', { action: 'disable', ids: ['nobody', 'nothing'] }, ['ids', 'ids']],
    [
      'a policy that does not exist',
      { action: 'move', filter: { keyType: 'x' }, parameters: { policyExtId: 'missing' } },
      ['parameters.policyExtId'],
    ],
  ])('%s is 422', async (_, body, fields) => {
    for (const dryRun of [false, true]) {
      const answer = await bulk.post({ ...body, dryRun });
      expect([answer.status, fieldsOf(answer)]).toEqual([422, fields]);
    }
    expect(
      (await bulk.app.dataSource.query(`select 1 from jobs where status in ('loading', 'running')`)) as unknown[],
    ).toEqual([]);
  });

  test('an unknown client is 404', async () => {
    for (const dryRun of [false, true]) {
      const token = await bulk.app.token({ data_room: { clients: ['*'] } });
      const body = { action: 'disable', filter: { keyType: 'EC:P-256' }, dryRun };
      expect((await bulk.request('POST', bulk.path('', 'nobody'), { token, body })).status).toBe(404);
    }
  });

  test('a selection without certificates is a job that is complete', async () => {
    expect(await bulk.run({ action: 'disable', filter: { keyType: 'none' } })).toMatchObject({
      status: 'completed',
      total: 0,
    });
  });
});
