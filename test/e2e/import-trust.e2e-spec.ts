import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { BulkJobRunner } from '../../src/bulk/bulk-job-runner.js';
import { ImportAction } from '../../src/bulk/import/import-action.js';
import { toPem } from '../../src/x509/certificate/pem.js';
import { send } from '../support/http.js';
import { linesOf } from '../support/import-fixture.js';
import { REVOKED, RevocationRequests } from '../support/revocation-requests.js';
import { authority, type Issued } from '../support/signed-certificate.js';

let fixture: RevocationRequests;

beforeAll(async () => {
  fixture = await RevocationRequests.start();
});

afterAll(async () => await fixture.close());

beforeEach(async () => await fixture.nextClient());

const line = (userExtId: string, leaf: Issued, members: object = {}) => ({
  userExtId,
  remarks: 'imported',
  certificate: toPem(leaf.der),
  policyExtId: 'p-1',
  ...members,
});

/** The result of each line, with the rules of its errors. */
async function imported(lines: readonly object[]): Promise<readonly string[]> {
  const { app, client } = fixture.policies;
  const token = await app.token({ data_room: { clients: [client] } });
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const body = linesOf(lines as Record<string, unknown>[]);
  const path = `/nevisidm/api/core/v1/${client}/import`;
  const answer = await send(app, 'POST', path, { token, headers, body });
  expect(answer.status).toBe(202);
  await app.get(BulkJobRunner).run();
  const rows = await app.dataSource.query<{ result: string; errors: { rule?: string; code: string }[] | null }[]>(
    `select result, errors from job_rows r join jobs j on j.id = r.job_id where j.client_ext_id = $1
      and j.created = (select max(created) from jobs where client_ext_id = $1) order by position`,
    [client],
  );
  return rows.map(({ result, errors }) => [result, ...(errors ?? []).map(({ rule, code }) => rule ?? code)].join(' '));
}

test('11.3, 13.4, 17.4 the path and the revocation of each line are checked', async () => {
  const lines = [
    line('good', fixture.answered()),
    line('revoked', fixture.answered(REVOKED)),
    line('unasked', fixture.leaf()),
    line('stranger', fixture.leaf({}, authority('Stranger'))),
    ...Array.from({ length: 20 }, (_, index) => line(`good-${index}`, fixture.answered())),
  ];
  expect(await imported(lines)).toEqual([
    'changed',
    'refused revocationCheck',
    'refused revocationCheck',
    'refused trustAnchors',
    ...Array.from({ length: 20 }, () => 'changed'),
  ]);
  const users = await fixture.policies.app.dataSource.query<{ ext_id: string }[]>(
    `select ext_id from users where client_ext_id = $1 and remarks = 'imported'`,
    [fixture.policies.client],
  );
  expect(users).toHaveLength(21);
});

test('13.4, 17.4 a certificate that is revoked is not enabled by a line', async () => {
  const leaves = [fixture.answered(), fixture.answered()] as const;
  const disabled = leaves.map((leaf, index) => line(`u-${index}`, leaf, { stateName: 'disabled' }));
  expect(await imported(disabled)).toEqual(['changed', 'changed']);
  await fixture.revokeByCrl(leaves[0]);
  // The stored answers of the responder have to be asked for again.
  fixture.policies.app.clock.advance(30 * 86_400_000);
  const enabled = leaves.map((leaf, index) => line(`u-${index}`, leaf, { stateName: 'active' }));
  expect((await imported(enabled))[0]).toBe('refused revocationCheck');
});

test('3.4, 17.4 a policy that changes between the evidence of a line and its change decides as it is then', async () => {
  const action = fixture.policies.app.get(ImportAction);
  const apply = action.apply.bind(action);
  const changed = vi.spyOn(action, 'apply').mockImplementationOnce(async (...parameters) => {
    const parametersOfPolicy = { trustAnchors: 'set-1', revocationCheck: 'soft', requiredKeyUsage: 'cRLSign' };
    const answer = await fixture.policies.patch('p-1', { parameters: parametersOfPolicy });
    expect(answer.status).toBe(200);
    return await apply(...parameters);
  });
  const lines = [line('a', fixture.answered()), line('b', fixture.answered()), line('c', fixture.answered())];
  expect(await imported(lines)).toEqual(Array.from({ length: 3 }, () => 'refused requiredKeyUsage'));
  expect(changed).toHaveBeenCalled();
  changed.mockRestore();
});
