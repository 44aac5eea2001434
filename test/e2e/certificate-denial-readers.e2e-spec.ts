/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { DenialFixture, FEED } from '../support/denial-fixture.js';
import { CORE, refusalOf, send } from '../support/http.js';

let denials: DenialFixture;

beforeAll(async () => {
  denials = await DenialFixture.start();
});

afterAll(async () => await denials.app.close());

beforeEach(async () => await denials.nextUser());

const untilWaiting = async (readers: number) => await expect.poll(() => denials.feed.readers.count).toBe(readers);

test('15.8 a reader that waits is answered as soon as there is something, and its caller may leave', async () => {
  const after = await denials.cursor();
  const waiting = denials.ask(`?after=${after}&waitSeconds=25`);
  const leaving = new AbortController();
  const left = fetch(`${denials.app.url}${FEED}?after=${after}&waitSeconds=25`, {
    headers: { Authorization: `Bearer ${denials.token}` },
    signal: leaving.signal,
  });
  await untilWaiting(2);
  leaving.abort();
  await expect(left).rejects.toThrow();
  await untilWaiting(1);
  await denials.patch(denials.path, { stateName: 'disabled' });
  await denials.numbering.number();
  await expect
    .poll(async () => {
      await denials.feed.poll();
      return denials.feed.readers.count;
    })
    .toBe(0);
  expect((await waiting).body.items).toEqual([expect.objectContaining({ fingerprint: await denials.fingerprint() })]);
});

test('15.8 a reader for whom nothing comes is answered after the time that it asked for', async () => {
  const after = await denials.cursor();
  expect((await denials.ask(`?after=${after}&waitSeconds=1`)).body).toEqual({
    resync: false,
    items: [],
    cursor: after,
  });
});

test('15.8 a client with too many readers is refused with a time to wait, and others are not', async () => {
  const after = await denials.cursor();
  const hostile = new AbortController();
  const url = `${denials.app.url}${FEED}?after=${after}&waitSeconds=25`;
  const init = { headers: { Authorization: `Bearer ${denials.token}` }, signal: hostile.signal };
  const many = Array.from({ length: 100 }, async () => await fetch(url, init).catch(() => undefined));
  await untilWaiting(100);
  const refused = await denials.ask(`?after=${after}&waitSeconds=25`);
  expect([refusalOf(refused), refused.headers.get('retry-after')]).toEqual([[503, ['errors.unavailable']], '5']);
  expect((await denials.ask(`?after=${after}`)).status).toBe(200);
  const metrics = await (await fetch(`${denials.app.url}/metrics`)).text();
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
  const response = await fetch(denials.app.url + of, {
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
  await denials.numbering.number();
  const lines = stream(FEED, denials.token);
  const first = await nextOf(lines);
  expect(first).toEqual({ resync: true, cursor: expect.any(String) });
  await denials.patch(denials.path, { stateName: 'disabled' });
  denials.app.clock.advance(1);
  await denials.patch(`${CORE}/100/users/${denials.user}`, { userState: 'disabled' });
  await denials.numbering.number();
  await denials.feed.poll();
  const [certificate, person] = [await nextOf(lines), await nextOf(lines)];
  expect([certificate.denial, person.denial]).toEqual([
    expect.objectContaining({ kind: 'certificate', fingerprint: await denials.fingerprint() }),
    expect.objectContaining({ kind: 'user', userExtId: denials.user }),
  ]);
  const rest = await denials.ask(`?after=${certificate.cursor}`);
  expect(rest.body.items).toEqual([person.denial]);
  await lines.return(undefined);
  await untilWaiting(0);
});

test('15.8 a client that is deleted ends its streams with a last line, and is 404 for new readers', async () => {
  const client = `leaving-${denials.count}`;
  await denials.fixture.builders.client(client);
  const everywhere = await denials.app.token({ data_room: { clients: ['*'] } });
  const address = `${CORE}/${client}/certificate-denials`;
  const lines = stream(address, everywhere);
  await nextOf(lines);
  const removed = await send(denials.app, 'DELETE', `${CORE}/clients/${client}`, { token: everywhere });
  expect(removed.status).toBe(204);
  await denials.numbering.number();
  await denials.feed.poll();
  expect((await nextOf(lines)).denial).toMatchObject({ kind: 'client' });
  expect((await lines.next()).done).toBe(true);
  expect(refusalOf(await send(denials.app, 'GET', address, { token: everywhere }))).toEqual([404, ['errors.noRecord']]);
});

test('15.8 when the server ends, streams end and nobody waits any more', async () => {
  const lines = stream(FEED, denials.token);
  await nextOf(lines);
  const after = await denials.cursor();
  const waiting = denials.ask(`?after=${after}&waitSeconds=25`);
  await untilWaiting(2);
  denials.feed.readers.end();
  expect((await waiting).status).toBe(200);
  let last = await lines.next();
  while (last.done !== true) last = await lines.next();
  await untilWaiting(0);
});
