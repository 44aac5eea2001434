import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { HostileHttp } from './hostile-http.js';
import { CONTENDED, HOSTILE, LARGE_PAGE_USER, PASSWORD, type Target } from './messages.js';

type Attack = (http: HostileHttp, target: Target) => Promise<void>;

const CORE = '/nevisidm/api/core/v1';
const USERS = `${CORE}/${HOSTILE}/users`;
const LARGE_PAGE = `${USERS}/${LARGE_PAGE_USER}/certificates?limit=1000`;
const CONTENDED_CERTIFICATE = `${USERS}/${CONTENDED}/certificates/${CONTENDED}`;
const KEY_STORES = `/mtls/account/${HOSTILE}/certificates`;
const TOKEN = '/nevisidm/api/principal/v1/token';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The maximum header size of the server. */
const BLANKS = ' '.repeat(15_000);

/** Key stores as JSON, their bytes as numbers. */
function keyStoresJson(...files: readonly Buffer[]): string {
  return JSON.stringify(files.map((p12, number) => ({ name: `hostile ${number}`, password: 'paw1', p12: [...p12] })));
}

/** Twelve readers request the largest page: half of them never read it, the others a piece every two seconds. */
const unreadPages: Attack = async (http) => {
  await http.each(12, async (loop) => {
    const socket = http.open();
    if (loop % 2 === 0) socket.pause();
    else socket.on('data', () => socket.pause());
    const reading = setInterval(() => loop % 2 === 0 || socket.resume(), 2_000);
    socket.write(http.bytes('GET', LARGE_PAGE));
    // A socket that is not read gets no end event.
    await Promise.race([untilClosed(socket), pause(60_000)]);
    clearInterval(reading);
    socket.destroy();
  });
};

/** Two readers request the largest page and read it. */
const readPages: Attack = async (http) => {
  await http.each(2, async () => await http.ask('GET', LARGE_PAGE));
};

/** 300 connections send nothing or half a header, stay open, and are replaced when the server closes them. */
const silentConnections: Attack = async (http) => {
  const kept: Socket[] = [];
  await http.each(
    300,
    async (loop) => {
      const socket = http.open();
      if (loop % 2 === 0) socket.write('GET /health/live HTTP/1.1\r\nHost: local');
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.once('end', resolve).once('close', resolve);
      await promise;
      kept.push(socket);
      // The limit of descriptors of this process is not tested.
      if (kept.length > 6_000) kept.shift()?.destroy();
    },
    { pauseMs: 1_000 },
  );
};

/** 110 small files that take the maximum time: half of the senders disconnect at once, the others stay. */
const slowFiles: Attack = async (http, { slowP12 }) => {
  const body = keyStoresJson(Buffer.from(slowP12, 'base64'));
  await Promise.all([
    http.each(
      55,
      async () => {
        const socket = http.open();
        await new Promise<void>((resolve) => {
          socket.once('close', resolve);
          socket.write(http.bytes('POST', KEY_STORES, 'application/json', body), () => socket.destroy());
        });
      },
      { pauseMs: 1_000 },
    ),
    http.each(55, async () => await http.ask('POST', KEY_STORES, { headers: JSON_TYPE, body })),
  ]);
};

/** Forty callers log in, right and wrong, and change passwords, all at once. */
const passwords: Attack = async (http, { users }) => {
  await http.each(40, async (loop, round) => {
    const { extId, token } = users[(loop + round) % users.length] as Target['users'][number];
    if (loop % 2 === 0) {
      const body = JSON.stringify({ password: `${PASSWORD} ${round}` });
      await http.ask('PATCH', `${USERS}/${extId}/password`, { headers: JSON_TYPE, body });
      return;
    }
    const login = { grant_type: 'password', username: extId, password: round % 2 === 0 ? PASSWORD : 'wrong' };
    await http.ask('POST', TOKEN, { token, headers: JSON_TYPE, body: JSON.stringify(login) });
  });
};

/** Headers of the maximum size that would make a backtracking expression slow. */
const longHeaders: Attack = async (http) => {
  const headers: readonly Readonly<Record<string, string>>[] = [
    { 'Content-Type': `application/json${BLANKS}x` },
    { 'Content-Type': `application/json;${BLANKS}x` },
    { 'Content-Type': `application/json; charset="${'\\"'.repeat(7_400)}` },
    { 'Content-Type': `multipart/form-data; boundary=${'-'.repeat(15_000)}` },
    { ...JSON_TYPE, 'If-Match': `"1"${`,${' '.repeat(70)}"1"`.repeat(200)}x` },
    { ...JSON_TYPE, 'If-Match': `${BLANKS}"1` },
    { ...JSON_TYPE, Accept: `${'text/html;q=0.1,'.repeat(900)}${BLANKS.slice(14_500)}x` },
    { ...JSON_TYPE, 'X-Token': 'a.'.repeat(7_400) },
    { ...JSON_TYPE, 'X-Forwarded-For': `${'1.1.1.1, '.repeat(1_650)}x` },
    { ...JSON_TYPE, 'X-Request-Id': 'a-'.repeat(7_400) },
    { ...JSON_TYPE, Authorization: `Bearer${BLANKS}x` },
  ];
  await http.each(4, async (loop, round) => {
    const body = JSON.stringify({ modificationComment: 'long headers' });
    await http.ask('PATCH', CONTENDED_CERTIFICATE, { headers: headers[(loop + round) % headers.length] ?? {}, body });
  });
};

/** Twenty callers search or sort all users by members without an index. */
const searches: Attack = async (http) => {
  const list = `${CORE}/clients/${HOSTILE}/users`;
  const queries = [
    'remarks=nothing',
    'properties.colour=red',
    'address.city=nowhere',
    'sortBy=name.firstName&limit=1000',
  ];
  await http.each(20, async (loop, round) => {
    await http.ask('GET', `${list}?${queries[(loop + round) % queries.length]}&returnTotalResultCount=true`);
  });
};

/** Endless bodies in chunks: 539 MB before the first part of a form, blanks and numbers in JSON. */
const endlessBodies: Attack = async (http) => {
  const forms = `${KEY_STORES}/by-file`;
  const bodies = [
    { path: forms, type: 'multipart/form-data; boundary=x', chunk: Buffer.alloc(65_536, 'preamble') },
    { path: forms, type: 'multipart/form-data; boundary=x', chunk: Buffer.alloc(65_536, '\r\n--') },
    { path: KEY_STORES, type: 'application/json', chunk: Buffer.alloc(65_536, ' ') },
    { path: KEY_STORES, type: 'application/json', chunk: Buffer.alloc(65_536, '[1,') },
  ];
  await http.each(
    8,
    async (loop) => {
      const { path, type, chunk } = bodies[loop % bodies.length] as (typeof bodies)[number];
      await http.stream(path, type, chunk, 539_000_000);
    },
    { pauseMs: 500 },
  );
};

/** 150 uploads of 1.9 MB of JSON at once, and bodies of 2 MiB with empty objects. */
const largeJson: Attack = async (http) => {
  const largeFile = keyStoresJson(randomBytes(260_000), randomBytes(260_000));
  const objects = `[${'{},'.repeat(699_000)}{}]`;
  await http.each(
    160,
    async (loop) => {
      await http.ask('POST', KEY_STORES, { headers: JSON_TYPE, body: loop < 150 ? largeFile : objects });
    },
    { pauseMs: 1_000 },
  );
};

/** Deletes clients with many users, one after the other. */
const deletions: Attack = async (http, { largeClients }) => {
  await http.each(1, async (_, round) => await http.ask('DELETE', `${CORE}/clients/${largeClients[round]}`), {
    pauseMs: 1_000,
    rounds: largeClients.length,
  });
};

/** Thirty callers change the same certificate. */
const contendedRow: Attack = async (http) => {
  await http.each(30, async (loop, round) => {
    const body = JSON.stringify({ modificationComment: `${loop} ${round}` });
    await http.ask('PATCH', CONTENDED_CERTIFICATE, { headers: JSON_TYPE, body });
  });
};

/** Twenty callers create a record that exists: each statement fails. */
const duplicates: Attack = async (http) => {
  const body = JSON.stringify({ extId: CONTENDED, loginId: CONTENDED });
  await http.each(20, async () => await http.ask('POST', USERS, { headers: JSON_TYPE, body }));
};

export const ATTACKS = {
  'silent connections': silentConnections,
  'p12 files of 600,000 iterations': slowFiles,
  'logins and password changes': passwords,
  'long headers': longHeaders,
  'searches without an index': searches,
  'bodies without an end': endlessBodies,
  'large JSON bodies': largeJson,
  'deletions of large clients': deletions,
  'changes of one row': contendedRow,
  duplicates,
  // Last, as the memory that they use is not released at once.
  'pages of 550 large certificates that are read': readPages,
  'pages of 550 large certificates that nobody reads': unreadPages,
} satisfies Readonly<Record<string, Attack>>;

async function untilClosed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', resolve));
}
