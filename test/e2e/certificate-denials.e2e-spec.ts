/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { DenialFeedService } from '../../src/certificates/denials/denial-feed.service.js';
import { DenialNumbering } from '../../src/certificates/denials/denial-numbering.js';
import { Fixture } from '../support/fixture.js';
import { type Answer, CORE, refusalOf, send } from '../support/http.js';
import { testAuthority } from '../support/pki.js';
import { statementsOf } from '../support/statements.js';

const FEED = `${CORE}/100/certificate-denials`;
const DAY_MS = 86_400_000;

let fixture: Fixture;
let token: string;
let numbering: DenialNumbering;
let feed: DenialFeedService;
let count = 0;

beforeAll(async () => {
  fixture = await Fixture.start();
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  numbering = fixture.app.get(DenialNumbering);
  feed = fixture.app.get(DenialFeedService);
});

afterAll(async () => await fixture.app.close());

/** A user with a certificate of their own for each test. */
let user: string;
let path: string;

beforeEach(async () => {
  count += 1;
  user = `user-${count}`;
  await fixture.builders.user('100', user, { firstName: 'Jane' });
  path = await fixture.register(`cert-${count}`, {}, user);
});

const ask = async (query = ''): Promise<Answer> => await send(fixture.app, 'GET', `${FEED}${query}`, { token });

const cursor = async (): Promise<string> => {
  await numbering.number();
  return (await ask()).body.cursor as string;
};

/** What a change adds to the feed, without its times. */
async function deniedBy(change: () => Promise<unknown>): Promise<object[]> {
  const after = await cursor();
  await change();
  await numbering.number();
  const { body } = await ask(`?after=${after}`);
  expect(body.resync).toBe(false);
  return (body.items as { at: string }[]).map(({ at, ...rest }) => {
    expect(at).toMatch(/Z$/);
    return rest;
  });
}

const fingerprint = async (): Promise<string> => (await fixture.read(path)).body.fingerprint as string;
const version = async (of: string): Promise<number> => (await fixture.read(of)).body.version as number;
const ok = ({ status, body }: Answer) => expect([status, body]).toEqual([200, expect.anything()]);
const patch = async (of: string, members: object) =>
  ok(await fixture.patch(of, { version: await version(of), ...members }));
const post = async (to: string, body: object) => await send(fixture.app, 'POST', to, { token: fixture.token, body });

test('15.8 without a cursor the answer is where the feed is now, and everything must be forgotten', async () => {
  await patch(path, { stateName: 'disabled' });
  await numbering.number();
  const { status, headers, body } = await ask();
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(body).toEqual({ resync: true, items: [], cursor: expect.any(String) });
  expect((await ask(`?after=${body.cursor}`)).body).toEqual({ ...body, resync: false });
});

test('15.8 a certificate that is disabled, replaced or deleted is named by the fingerprint that it had', async () => {
  const denied = { kind: 'certificate', fingerprint: await fingerprint() };
  const certificate = await fixture.pem('next');
  expect(await deniedBy(async () => await patch(path, { certificate }))).toEqual([denied]);
  const next = { kind: 'certificate', fingerprint: await fingerprint() };
  expect(await deniedBy(async () => await patch(path, { stateName: 'disabled' }))).toEqual([next]);
  expect(await deniedBy(async () => await patch(path, { stateName: 'active' }))).toEqual([]);
  const remove = async () => await send(fixture.app, 'DELETE', path, { token: fixture.token });
  expect(await deniedBy(remove)).toEqual([next]);
});

test('15.8 what decides on no login is not in the feed', async () => {
  expect(await deniedBy(async () => await patch(path, { modificationComment: 'checked' }))).toEqual([]);
  expect(await deniedBy(async () => await patch(`${CORE}/100/users/${user}`, { remarks: 'checked' }))).toEqual([]);
  expect(await deniedBy(async () => await patch(`${CORE}/100/policies/strict`, { description: 'checked' }))).toEqual(
    [],
  );
});

test('15.8 a change of a user, a policy or a trust-anchor set names it', async () => {
  const whole = `${CORE}/100/users/${user}`;
  const ofUser = [{ kind: 'user', userExtId: user }];
  expect(await deniedBy(async () => await patch(whole, { name: { firstName: 'Joan' } }))).toEqual(ofUser);
  expect(await deniedBy(async () => await patch(whole, { validity: { to: '2026-12-31T00:00:00Z' } }))).toEqual(ofUser);
  expect(await deniedBy(async () => await post(`${whole}/archive`, {}))).toEqual(ofUser);
  const parameters = { certificateUploadCheck: 'strict', maxValidityDays: '398' };
  const ofPolicy = [{ kind: 'policy', policyExtId: 'strict' }];
  expect(await deniedBy(async () => await patch(`${CORE}/100/policies/strict`, { parameters }))).toEqual(ofPolicy);
  const { pem: anchors } = await testAuthority();
  const extId = `set-${count}`;
  expect((await post(`${CORE}/100/trust-anchor-sets`, { extId, name: extId, anchors })).status).toBe(201);
  const ofSet = [{ kind: 'trustAnchorSet', extId }];
  const set = `${CORE}/100/trust-anchor-sets/${extId}`;
  const { pem: others } = await testAuthority({ name: 'Other' });
  expect(await deniedBy(async () => await patch(set, { anchors: others }))).toEqual(ofSet);
});

test('15.8 a user who is deleted is named', async () => {
  const remove = async () => await send(fixture.app, 'DELETE', `${CORE}/100/users/${user}`, { token: fixture.token });
  expect(await deniedBy(remove)).toEqual([{ kind: 'user', userExtId: user }]);
});

test('15.8 failed logins are not in the feed until one of them locks the credential', async () => {
  await fixture.builders.policy('100', `locking-${count}`, { tmpLockMaxFailures: '2', tmpLockSeconds: '60' });
  const { pem: certificate } = await testAuthority({ name: `Short ${count}` });
  const body = { extId: `short-${count}`, certificate, policyExtId: 'default' };
  const created = await post(fixture.path(user), body);
  expect(created.status).toBe(201);
  await fixture.app.dataSource.query(
    `update credentials set valid_to = valid_from where client_ext_id = '100' and ext_id = $1`,
    [body.extId],
  );
  const logIn = async () =>
    (await send(fixture.app, 'POST', `${CORE}/100/certificate-logins`, { token, body: { certificate } })).body.outcome;
  const denials: number[] = [];
  const outcomes: unknown[] = [];
  for (let attempt = 0; attempt < 20 && outcomes.at(-1) !== 'locked'; attempt += 1) {
    denials.push((await deniedBy(async () => outcomes.push(await logIn()))).length);
  }
  // The failure that locks is the last one before the outcome is `locked`.
  expect([outcomes.at(-1), denials.at(-2), denials.reduce((sum, one) => sum + one, 0)]).toEqual(['locked', 1, 1]);
});

test('15.8 a change that is refused adds nothing, and one that is made adds no statement', async () => {
  const now = await version(path);
  expect(await deniedBy(async () => await fixture.patch(path, { version: now + 7, stateName: 'disabled' }))).toEqual(
    [],
  );
  const texts = await statementsOf(fixture.app.dataSource, async () => {
    ok(await fixture.patch(path, { version: now, stateName: 'disabled' }));
  });
  expect(texts.filter((text) => /certificate_denials/.test(text))).toHaveLength(1);
  expect(texts).toHaveLength(2);
});

test('15.8 changes of many writers at once are each read once, in pages of any size, while they are being numbered', async () => {
  let after = await cursor();
  const paths = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => await fixture.register(`many-${count}-${index}`, {}, user)),
  );
  const expected = await Promise.all(paths.map(async (each) => (await fixture.read(each)).body.fingerprint as string));
  let isWriting = true;
  const writing = Promise.all(paths.map(async (each) => await patch(each, { stateName: 'disabled' }))).then(
    () => (isWriting = false),
  );
  const found: string[] = [];
  for (let isLast = false; !isLast;) {
    isLast = !isWriting;
    await numbering.number();
    for (let items = [{}]; items.length > 0;) {
      const { body } = await ask(`?after=${after}&limit=5`);
      ({ cursor: after, items } = body);
      found.push(...(body.items as { fingerprint: string }[]).map((item) => item.fingerprint));
    }
  }
  await writing;
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('15.8 a cursor that is unknown or older than what is kept is answered with a resync', async () => {
  const old = await cursor();
  await patch(path, { stateName: 'disabled' });
  const newest = await cursor();
  fixture.app.clock.advance(7 * DAY_MS + 1);
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
  await numbering.removeOld();
  for (const unknown of [old, 'd1.zzzzz', 'x', '']) {
    const { body } = await ask(`?after=${unknown}`);
    expect([unknown, body]).toEqual([unknown, { resync: true, items: [], cursor: newest }]);
  }
  // Nothing came after it, so nothing is missing.
  expect((await ask(`?after=${newest}`)).body.resync).toBe(false);
  fixture.app.clock.advance(-7 * DAY_MS - 1);
  token = await fixture.app.token({ roles: ['nevisIdm.Gateway'], sub: 'gateway' });
});

test('15.8 the right and the client are required, and another client has a feed of its own', async () => {
  const helpdesk = await fixture.app.token({ roles: ['nevisIdm.Helpdesk'] });
  expect(refusalOf(await send(fixture.app, 'GET', FEED, { token: helpdesk }))).toEqual([
    403,
    ['errors.permissionDenied'],
  ]);
  await fixture.builders.client(`other-${count}`);
  const other = `${CORE}/other-${count}/certificate-denials`;
  expect(refusalOf(await send(fixture.app, 'GET', other, { token })).at(0)).toBe(403);
  const roles = ['nevisIdm.Gateway'];
  const theirs = await fixture.app.token({ client_ext_id: `other-${count}`, roles });
  expect(refusalOf(await send(fixture.app, 'GET', FEED, { token: theirs })).at(0)).toBe(403);
  const { body } = await send(fixture.app, 'GET', other, { token: theirs });
  await patch(path, { stateName: 'disabled' });
  await numbering.number();
  const later = await send(fixture.app, 'GET', `${other}?after=${body.cursor}`, { token: theirs });
  expect(later.body).toEqual({ resync: false, items: [], cursor: body.cursor });
  const everywhere = await fixture.app.token({ data_room: { clients: ['*'] } });
  const nowhere = await send(fixture.app, 'GET', `${CORE}/nowhere/certificate-denials`, { token: everywhere });
  expect(refusalOf(nowhere)).toEqual([404, ['errors.noRecord']]);
});

const untilWaiting = async (readers: number) => await expect.poll(() => feed.readers.count).toBe(readers);

test('15.8 a reader that waits is answered as soon as there is something, and its caller may leave', async () => {
  const after = await cursor();
  const waiting = ask(`?after=${after}&waitSeconds=25`);
  const leaving = new AbortController();
  const left = fetch(`${fixture.app.url}${FEED}?after=${after}&waitSeconds=25`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  await untilWaiting(2);
  leaving.abort();
  await expect(left).rejects.toThrow();
  await untilWaiting(1);
  await patch(path, { stateName: 'disabled' });
  await numbering.number();
  await expect
    .poll(async () => {
      await feed.poll();
      return feed.readers.count;
    })
    .toBe(0);
  expect((await waiting).body.items).toEqual([expect.objectContaining({ fingerprint: await fingerprint() })]);
});

test('15.8 a reader for whom nothing comes is answered after the time that it asked for', async () => {
  const after = await cursor();
  expect((await ask(`?after=${after}&waitSeconds=1`)).body).toEqual({ resync: false, items: [], cursor: after });
});

test('15.8 a client with too many readers is refused with a time to wait, and others are not', async () => {
  const after = await cursor();
  const hostile = new AbortController();
  const url = `${fixture.app.url}${FEED}?after=${after}&waitSeconds=25`;
  const init = { headers: { Authorization: `Bearer ${token}` }, signal: hostile.signal };
  const many = Array.from({ length: 100 }, async () => await fetch(url, init).catch(() => undefined));
  await untilWaiting(100);
  const refused = await ask(`?after=${after}&waitSeconds=25`);
  expect([refusalOf(refused), refused.headers.get('retry-after')]).toEqual([[503, ['errors.unavailable']], '5']);
  expect((await ask(`?after=${after}`)).status).toBe(200);
  const metrics = await (await fetch(`${fixture.app.url}/metrics`)).text();
  expect(metrics).toContain('certkeep_denials_readers 100');
  expect(metrics).toMatch(/certkeep_denials_readers_refused_total\{reason="client_limit"\} [1-9]/);
  hostile.abort();
  await Promise.all(many);
  await untilWaiting(0);
});

interface Line {
  readonly cursor: string;
  readonly resync?: true;
  readonly denial?: object;
}

/** Reads a stream line by line. */
async function* stream(of: string, sent: string): AsyncGenerator<Line> {
  const response = await fetch(fixture.app.url + of, {
    headers: { Authorization: `Bearer ${sent}`, Accept: 'application/x-ndjson' },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

const nextOf = async (lines: AsyncGenerator<Line>) => (await lines.next()).value as Line;

test('15.8 a stream begins with a resync, then has a line with a cursor of its own for each denial', async () => {
  await numbering.number();
  const lines = stream(FEED, token);
  const first = await nextOf(lines);
  expect(first).toEqual({ resync: true, cursor: expect.any(String) });
  await patch(path, { stateName: 'disabled' });
  fixture.app.clock.advance(1);
  await patch(`${CORE}/100/users/${user}`, { userState: 'disabled' });
  await numbering.number();
  await feed.poll();
  const [certificate, person] = [await nextOf(lines), await nextOf(lines)];
  expect([certificate.denial, person.denial]).toEqual([
    expect.objectContaining({ kind: 'certificate', fingerprint: await fingerprint() }),
    expect.objectContaining({ kind: 'user', userExtId: user }),
  ]);
  const rest = await ask(`?after=${certificate.cursor}`);
  expect(rest.body.items).toEqual([person.denial]);
  await lines.return(undefined);
  await untilWaiting(0);
});

test('15.8 a client that is deleted ends its streams with a last line, and is 404 for new readers', async () => {
  const client = `leaving-${count}`;
  await fixture.builders.client(client);
  const everywhere = await fixture.app.token({ data_room: { clients: ['*'] } });
  const address = `${CORE}/${client}/certificate-denials`;
  const lines = stream(address, everywhere);
  await nextOf(lines);
  const removed = await send(fixture.app, 'DELETE', `${CORE}/clients/${client}`, { token: everywhere });
  expect(removed.status).toBe(204);
  await numbering.number();
  await feed.poll();
  expect((await nextOf(lines)).denial).toMatchObject({ kind: 'client' });
  expect((await lines.next()).done).toBe(true);
  expect(refusalOf(await send(fixture.app, 'GET', address, { token: everywhere }))).toEqual([404, ['errors.noRecord']]);
});

test('15.8 when the server ends, streams end and nobody waits any more', async () => {
  const lines = stream(FEED, token);
  await nextOf(lines);
  const after = await cursor();
  const waiting = ask(`?after=${after}&waitSeconds=25`);
  await untilWaiting(2);
  feed.readers.end();
  expect((await waiting).status).toBe(200);
  let last = await lines.next();
  while (last.done !== true) last = await lines.next();
  await untilWaiting(0);
});
