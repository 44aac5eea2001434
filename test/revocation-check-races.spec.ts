import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { CertificateEvaluator } from '../src/certificates/evaluation/certificate-evaluator.js';
import { Leader, NotLeaderError } from '../src/database/leader.js';
import { toPem } from '../src/x509/certificate/pem.js';
import type { TestApp } from './support/app.js';
import { entry, KEY_COMPROMISE, RevocationChecksFixture } from './support/revocation-checks-fixture.js';
import { endEntity } from './support/signed-certificate.js';

let fixture: RevocationChecksFixture;

beforeAll(async () => {
  fixture = await RevocationChecksFixture.start();
});

afterAll(async () => await fixture.close());

afterEach(async () => {
  vi.restoreAllMocks();
  await fixture.empty();
});

/** Runs `work` once, after the first evaluation and before what it has found is written. */
function afterEvaluation(app: TestApp, work: () => Promise<unknown>): void {
  const evaluator = app.get(CertificateEvaluator);
  const evaluate = evaluator.paths.bind(evaluator);
  vi.spyOn(evaluator, 'paths').mockImplementationOnce(async (...args) => {
    const result = await evaluate(...args);
    await work();
    return result;
  });
}

describe('13.4 what happens between the check and its write', () => {
  it('a comment is not lost', async () => {
    const leaf = await fixture.register('commented');
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    afterEvaluation(fixture.app, async () => await fixture.patch('commented', { modificationComment: 'hello' }));
    await fixture.check();
    expect(await fixture.state('commented')).toMatchObject({ state: 'disabled', version: 3 });
    const [row] = await fixture.app.dataSource.query<[{ comment: string }]>('select comment from credentials');
    expect(row.comment).toBe('hello');
  });

  it.each<[string, (extId: string) => Promise<unknown>, object]>([
    [
      'another certificate is not disabled for the one before',
      async (extId) => await fixture.patch(extId, { certificate: toPem(endEntity(fixture.issuing).der) }),
      { state: 'active', version: 2 },
    ],
    [
      'what a person disables stays theirs',
      async (extId) => await fixture.patch(extId, { stateName: 'disabled' }),
      { state: 'disabled', stateSetBy: 'administrator', version: 2 },
    ],
    [
      'a policy that no longer asks changes nothing',
      async () => await fixture.app.dataSource.query(`update policies set version = version + 1 where ext_id = 'soft'`),
      { state: 'active', version: 1 },
    ],
  ])('%s', async (_, work, expected) => {
    const leaf = await fixture.register('meanwhile');
    await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
    afterEvaluation(fixture.app, async () => await work('meanwhile'));
    await fixture.check();
    expect(await fixture.state('meanwhile')).toMatchObject(expected);
  });

  it('a credential that is deleted is left out, and the others are written', async () => {
    const [first, second] = [await fixture.register('deleted'), await fixture.register('kept')];
    await fixture.putCrl({ entries: [first, second].map((leaf) => entry(leaf, KEY_COMPROMISE)) });
    afterEvaluation(fixture.app, async () => {
      await fixture.app.dataSource.query(`delete from credentials where ext_id = 'deleted'`);
    });
    await fixture.check();
    expect(await fixture.state('kept')).toMatchObject({ state: 'disabled' });
  });

  it('of two servers that both check, one writes, once', async () => {
    const other = await fixture.startOther();
    try {
      const leaf = await fixture.register('twice');
      await fixture.putCrl({ entries: [entry(leaf, KEY_COMPROMISE)] });
      other.clock.set(fixture.app.clock.now());
      afterEvaluation(fixture.app, async () => {
        await fixture.app.dataSource.query(`update leases set until = clock_timestamp() - interval '1 s'`);
        await fixture.check(other);
      });
      await fixture.check().catch((error: unknown) => {
        if (!(error instanceof NotLeaderError)) throw error;
      });
      expect(await fixture.state('twice')).toMatchObject({ state: 'disabled', version: 2 });
      expect((await fixture.events('twice')).filter(({ actor }) => actor === 'system')).toHaveLength(1);
      await other.get(Leader).giveBack();
    } finally {
      await other.close();
      fixture.app.clock.advance(60_000);
      await fixture.app.get(Leader).leads();
    }
  });
});
