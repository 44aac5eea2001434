import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  CERTIFICATE_HOLD,
  entry,
  FIRST,
  holdOf,
  KEY_COMPROMISE,
  REMOVE_FROM_CRL,
  RevocationChecksFixture,
  SECOND,
  THIRD,
} from './support/revocation-checks-fixture.js';
import { crlExtensions } from './support/signed-crl.js';

let fixture: RevocationChecksFixture;

beforeAll(async () => {
  fixture = await RevocationChecksFixture.start();
});

afterAll(async () => await fixture.close());

afterEach(async () => await fixture.empty());

describe('13.4 a hold', () => {
  it('is lifted by a newer complete CRL, and what an administrator had set comes back', async () => {
    const leaf = await fixture.register('held');
    await fixture.patch('held', { stateName: 'reset-code' });
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: FIRST });
    await fixture.check();
    expect(await fixture.state('held')).toMatchObject({ state: 'disabled', stateSetBy: 'policyOverResetCode' });
    await fixture.putCrl({ number: 2, thisUpdate: SECOND });
    await fixture.check();
    expect(await fixture.state('held')).toMatchObject({
      state: 'reset-code',
      stateSetBy: 'administrator',
      reason: 'changed-by-batchjob',
      version: 4,
    });
    const events = await fixture.events('held');
    expect(events.at(-1)).toMatchObject({
      actor: 'system',
      changes: { stateName: { from: 'disabled', to: 'reset-code' } },
    });
  });

  it('is lifted by a delta CRL with removeFromCRL, and begins by one', async () => {
    const leaf = await fixture.register('by-delta');
    await fixture.putCrl({ thisUpdate: FIRST });
    const delta = (number: number, thisUpdate: string, reason: number) =>
      fixture.putCrl(
        { entries: [entry(leaf, reason)], number, thisUpdate, extensions: [crlExtensions.delta(1)] },
        'delta',
      );
    await delta(2, SECOND, CERTIFICATE_HOLD);
    await fixture.check();
    expect(await fixture.state('by-delta')).toMatchObject({ state: 'disabled', version: 2 });
    await delta(3, THIRD, REMOVE_FROM_CRL);
    await fixture.check();
    expect(await fixture.state('by-delta')).toMatchObject({ state: 'active', version: 3 });
  });

  it('is not lifted by a CRL that is not newer', async () => {
    const leaf = await fixture.register('older');
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: SECOND });
    await fixture.check();
    await fixture.putCrl({ thisUpdate: FIRST });
    await fixture.check();
    await fixture.putCrl({ thisUpdate: SECOND, number: 2 });
    await fixture.check();
    expect(await fixture.state('older')).toMatchObject({ state: 'disabled', version: 2 });
  });

  it('an older CRL beside the newer one, still current, keeps it until it is replaced', async () => {
    const leaf = await fixture.register('beside');
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: FIRST }, 'first');
    await fixture.check();
    await fixture.putCrl({ thisUpdate: SECOND, number: 2 }, 'second');
    await fixture.check();
    expect(await fixture.state('beside')).toMatchObject({ state: 'disabled' });
    await fixture.putCrl({ thisUpdate: THIRD, number: 3 }, 'first');
    await fixture.check();
    expect(await fixture.state('beside')).toMatchObject({ state: 'active' });
  });

  it('is not lifted by the end of the CRL or its absence', async () => {
    const leaf = await fixture.register('ended');
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: FIRST });
    await fixture.check();
    await fixture.putCrl({ thisUpdate: SECOND, nextUpdate: '260601103000Z' });
    await fixture.check();
    await fixture.app.dataSource.query('delete from trust_set_crls');
    fixture.app.clock.advance(3_600_000);
    await fixture.check();
    expect(await fixture.state('ended')).toMatchObject({ state: 'disabled', version: 2 });
  });

  it('that was confirmed is lifted only by evidence that is newer still, without a version in between', async () => {
    const leaf = await fixture.register('confirmed');
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: FIRST });
    await fixture.check();
    await fixture.putCrl({ entries: holdOf(leaf), thisUpdate: THIRD, number: 3 });
    await fixture.check();
    await fixture.putCrl({ thisUpdate: SECOND, number: 2 });
    await fixture.check();
    expect(await fixture.state('confirmed')).toMatchObject({ state: 'disabled', version: 2 });
  });

  it('that became another reason is never lifted, nor is any other reason', async () => {
    const [first, second] = [await fixture.register('final'), await fixture.register('other')];
    await fixture.putCrl({ entries: [...holdOf(first), entry(second, KEY_COMPROMISE)], thisUpdate: FIRST });
    await fixture.check();
    await fixture.putCrl({ entries: [entry(first, KEY_COMPROMISE)], thisUpdate: SECOND, number: 2 });
    await fixture.check();
    expect(await fixture.state('final')).toMatchObject({ state: 'disabled', version: 3 });
    await fixture.putCrl({ thisUpdate: THIRD, number: 3 });
    await fixture.check();
    expect(await fixture.state('final')).toMatchObject({ state: 'disabled', version: 3 });
    expect(await fixture.state('other')).toMatchObject({ state: 'disabled', version: 2 });
  });
});
