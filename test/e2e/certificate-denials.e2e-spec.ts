/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { DenialNumbering } from '../../src/certificates/denials/denial-numbering.js';
import { BackgroundDatabase } from '../../src/database/database.js';
import { LeaderWork } from '../../src/database/leader-work.js';
import { Leader } from '../../src/database/leader.js';
import { DenialFixture, FEED, requireOk } from '../support/denial-fixture.js';
import { CORE, refusalOf, send } from '../support/http.js';
import { testAuthority } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';

const DAY_MS = 86_400_000;

let denials: DenialFixture;

beforeAll(async () => {
  denials = await DenialFixture.start();
});

afterAll(async () => await denials.app.close());

beforeEach(async () => await denials.nextUser());

test('15.8 without a cursor the answer is where the feed is now, and everything must be forgotten', async () => {
  await denials.patch(denials.path, { stateName: 'disabled' });
  await denials.numbering.number();
  const { status, headers, body } = await denials.ask();
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toEqual({ resync: true, items: [], cursor: expect.any(String) });
  expect((await denials.ask(`?after=${body.cursor}`)).body).toEqual({ ...body, resync: false });
});

test('15.8 a certificate that is disabled, replaced or deleted is named by the fingerprint that it had', async () => {
  const denied = { kind: 'certificate', fingerprint: await denials.fingerprint() };
  const certificate = await denials.fixture.pem('next');
  expect(await denials.deniedBy(async () => await denials.patch(denials.path, { certificate }))).toEqual([denied]);
  const next = { kind: 'certificate', fingerprint: await denials.fingerprint() };
  expect(await denials.deniedBy(async () => await denials.patch(denials.path, { stateName: 'disabled' }))).toEqual([
    next,
  ]);
  expect(await denials.deniedBy(async () => await denials.patch(denials.path, { stateName: 'active' }))).toEqual([]);
  const remove = async () => await send(denials.app, 'DELETE', denials.path, { token: denials.fixture.token });
  expect(await denials.deniedBy(remove)).toEqual([next]);
});

test('15.8 what decides on no login is not in the feed', async () => {
  expect(
    await denials.deniedBy(async () => await denials.patch(denials.path, { modificationComment: 'checked' })),
  ).toEqual([]);
  expect(
    await denials.deniedBy(
      async () => await denials.patch(`${CORE}/100/users/${denials.user}`, { remarks: 'checked' }),
    ),
  ).toEqual([]);
  expect(
    await denials.deniedBy(async () => await denials.patch(`${CORE}/100/policies/strict`, { description: 'checked' })),
  ).toEqual([]);
});

test('15.8 a change of a user, a policy or a trust-anchor set names it', async () => {
  const whole = `${CORE}/100/users/${denials.user}`;
  const ofUser = [{ kind: 'user', userExtId: denials.user }];
  expect(await denials.deniedBy(async () => await denials.patch(whole, { name: { firstName: 'Joan' } }))).toEqual(
    ofUser,
  );
  expect(
    await denials.deniedBy(async () => await denials.patch(whole, { validity: { to: '2026-12-31T00:00:00Z' } })),
  ).toEqual(ofUser);
  expect(await denials.deniedBy(async () => await denials.post(`${whole}/archive`, {}))).toEqual(ofUser);
  const parameters = { certificateUploadCheck: 'strict', maxValidityDays: '398' };
  const ofPolicy = [{ kind: 'policy', policyExtId: 'strict' }];
  expect(
    await denials.deniedBy(async () => await denials.patch(`${CORE}/100/policies/strict`, { parameters })),
  ).toEqual(ofPolicy);
  const { pem: anchors } = await testAuthority();
  const extId = `set-${denials.count}`;
  expect((await denials.post(`${CORE}/100/trust-anchor-sets`, { extId, name: extId, anchors })).status).toBe(201);
  const ofSet = [{ kind: 'trustAnchorSet', extId }];
  const set = `${CORE}/100/trust-anchor-sets/${extId}`;
  const { pem: others } = await testAuthority({ name: 'Other' });
  expect(await denials.deniedBy(async () => await denials.patch(set, { anchors: others }))).toEqual(ofSet);
});

test('15.8 a user who is deleted is named', async () => {
  const remove = async () =>
    await send(denials.app, 'DELETE', `${CORE}/100/users/${denials.user}`, { token: denials.fixture.token });
  expect(await denials.deniedBy(remove)).toEqual([{ kind: 'user', userExtId: denials.user }]);
});

test('15.8 failed logins are not in the feed until one of them locks the credential', async () => {
  await denials.fixture.builders.policy('100', `locking-${denials.count}`, {
    tmpLockMaxFailures: '2',
    tmpLockSeconds: '60',
  });
  const { pem: certificate } = await testAuthority({ name: `Short ${denials.count}` });
  const body = { extId: `short-${denials.count}`, certificate, policyExtId: 'default' };
  const created = await denials.post(denials.fixture.path(denials.user), body);
  expect(created.status).toBe(201);
  await denials.app.dataSource.query(
    `update credentials set valid_to = valid_from where client_ext_id = '100' and ext_id = $1`,
    [body.extId],
  );
  const logIn = async () =>
    (await send(denials.app, 'POST', `${CORE}/100/certificate-logins`, { token: denials.token, body: { certificate } }))
      .body.outcome;
  const added: number[] = [];
  const outcomes: unknown[] = [];
  for (let attempt = 0; attempt < 20 && outcomes.at(-1) !== 'locked'; attempt += 1) {
    added.push((await denials.deniedBy(async () => outcomes.push(await logIn()))).length);
  }
  // The failure that locks is the last one before the outcome is `locked`.
  expect([outcomes.at(-1), added.at(-2), added.reduce((sum, one) => sum + one, 0)]).toEqual(['locked', 1, 1]);
});

test('15.8 a change that is refused adds nothing, and one that is made adds no statement', async () => {
  const now = await denials.version(denials.path);
  expect(
    await denials.deniedBy(
      async () => await denials.fixture.patch(denials.path, { version: now + 7, stateName: 'disabled' }),
    ),
  ).toEqual([]);
  const texts = await statementsOf(denials.app.dataSource, async () => {
    requireOk(await denials.fixture.patch(denials.path, { version: now, stateName: 'disabled' }));
  });
  expect(texts.filter((text) => /certificate_denials/.test(text))).toHaveLength(1);
  expect(texts).toHaveLength(2);
});

test('15.8 changes of many writers at once are each read once, in pages of any size, while they are being numbered', async () => {
  let after = await denials.cursor();
  const paths = await Promise.all(
    Array.from(
      { length: 12 },
      async (_, index) => await denials.fixture.register(`many-${denials.count}-${index}`, {}, denials.user),
    ),
  );
  const expected = await Promise.all(
    paths.map(async (each) => (await denials.fixture.read(each)).body.fingerprint as string),
  );
  let isWriting = true;
  const writing = Promise.all(paths.map(async (each) => await denials.patch(each, { stateName: 'disabled' }))).then(
    () => (isWriting = false),
  );
  const found: string[] = [];
  for (let isLast = false; !isLast;) {
    isLast = !isWriting;
    await denials.numbering.number();
    for (let items = [{}]; items.length > 0;) {
      const { body } = await denials.ask(`?after=${after}&limit=5`);
      ({ cursor: after, items } = body);
      found.push(...(body.items as { fingerprint: string }[]).map((item) => item.fingerprint));
    }
  }
  await writing;
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('15.8 a cursor that is unknown or older than what is kept is answered with a resync', async () => {
  const old = await denials.cursor();
  await denials.patch(denials.path, { stateName: 'disabled' });
  const newest = await denials.cursor();
  await denials.advance(7 * DAY_MS + 1);
  await denials.numbering.removeOld();
  for (const unknown of [old, 'd1.zzzzz', 'x', '']) {
    const { body } = await denials.ask(`?after=${unknown}`);
    expect([unknown, body]).toEqual([unknown, { resync: true, items: [], cursor: newest }]);
  }
  // Nothing came after it, so nothing is missing.
  expect((await denials.ask(`?after=${newest}`)).body.resync).toBe(false);
  await denials.advance(-7 * DAY_MS - 1);
});

test('15.8 the right and the client are required, and another client has a feed of its own', async () => {
  const helpdesk = await denials.app.token({ roles: ['nevisIdm.Helpdesk'] });
  expect(refusalOf(await send(denials.app, 'GET', FEED, { token: helpdesk }))).toEqual([
    403,
    ['errors.permissionDenied'],
  ]);
  await denials.fixture.builders.client(`other-${denials.count}`);
  const other = `${CORE}/other-${denials.count}/certificate-denials`;
  expect(refusalOf(await send(denials.app, 'GET', other, { token: denials.token })).at(0)).toBe(403);
  const roles = ['nevisIdm.Gateway'];
  const theirs = await denials.app.token({ client_ext_id: `other-${denials.count}`, roles });
  expect(refusalOf(await send(denials.app, 'GET', FEED, { token: theirs })).at(0)).toBe(403);
  const { body } = await send(denials.app, 'GET', other, { token: theirs });
  await denials.patch(denials.path, { stateName: 'disabled' });
  await denials.numbering.number();
  const later = await send(denials.app, 'GET', `${other}?after=${body.cursor}`, { token: theirs });
  expect(later.body).toEqual({ resync: false, items: [], cursor: body.cursor });
  const everywhere = await denials.app.token({ data_room: { clients: ['*'] } });
  const nowhere = await send(denials.app, 'GET', `${CORE}/nowhere/certificate-denials`, { token: everywhere });
  expect(refusalOf(nowhere)).toEqual([404, ['errors.noRecord']]);
});

test('15.8 the metric says at every server how old the oldest change is that gateways cannot read yet', async () => {
  const { app, numbering } = denials;
  const metrics = async () => await (await fetch(`${app.url}/metrics`)).text();
  await numbering.number();
  expect(numbering.lagSeconds).toBe(0);
  await denials.patch(denials.path, { stateName: 'disabled' });
  const database = app.get(BackgroundDatabase);
  const follower = new DenialNumbering(app.get(LeaderWork), database, new Leader(database), app.clock);
  await follower.number();
  app.clock.advance(30_000);
  expect(follower.lagSeconds).toBe(30);
  await numbering.number();
  expect(await metrics()).toContain('certkeep_denials_numbering_lag_seconds 30');
  app.clock.advance(30_000);
  expect(numbering.lagSeconds).toBe(30);
  await numbering.number();
  expect(await metrics()).toContain('certkeep_denials_numbering_lag_seconds 0');
  app.clock.advance(-60_000);
});
