import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { SystemClock } from '../../src/common/clock.js';
import { variablesBeside } from '../support/built-server.js';
import { Fixture } from '../support/fixture.js';
import { freePort } from '../support/free-port.js';
import { keyPair } from '../support/keys.js';
import { issueCertificate } from '../support/pki.js';
import { BuiltProgram } from '../support/process.js';
import { SettingsFolder } from '../support/settings-folder.js';
import { clientCertificate, sendByTls } from '../support/tls-client.js';

/** Milliseconds. A start takes a second on an idle machine, and many on a busy one. */
const LONG = { timeout: 600_000 };

let fixture: Fixture;
let folder: SettingsFolder;
let credential: string;
let token: string;
let variables: Readonly<Record<string, string>>;
const programs: BuiltProgram[] = [];
const sockets: TLSSocket[] = [];

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  // The server uses the system clock.
  const now = new SystemClock().now();
  token = await fixture.app.token({ exp: Math.floor(now.getTime() / 1000) + 86_400 });
  folder = new SettingsFolder();
  await writeFiles('first.example');
  variables = {
    ...variablesBeside(fixture.app, folder),
    TLS_CERT_FILE: `${folder.path}/server.pem`,
    TLS_KEY_FILE: `${folder.path}/server.key`,
    // Long enough for a handshake on a busy machine.
    DRAIN_SECONDS: '10',
  };
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  folder.remove();
  await fixture.app.close();
});

async function writeFiles(name: string): Promise<void> {
  const keys = await keyPair('EC-P256', name);
  const { cert, key } = await clientCertificate(await issueCertificate({ subject: `CN=${name}`, keys }));
  folder.file('server.pem', cert);
  folder.file('server.key', key);
}

async function start(more: Readonly<Record<string, string>> = {}): Promise<{ program: BuiltProgram; port: number }> {
  const port = Number(more['TLS_PORT'] ?? (await freePort()));
  const ports = { PORT: String(await freePort()), TLS_PORT: String(port) };
  const program = BuiltProgram.start('main.js', { ...variables, ...ports, ...more });
  programs.push(program);
  return { program, port };
}

async function secureSocket(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined).setEncoding('utf8');
  return socket;
}

test('a built server with TLS takes changed files, and after SIGTERM finishes what it has begun', LONG, async () => {
  const { program, port } = await start();
  await program.says(new RegExp(`certkeep listens on https://127\\.0\\.0\\.1:${port}\\n`));
  const headers = { Authorization: `Bearer ${token}` };
  expect((await sendByTls(port, credential, { headers })).status).toBe(200);

  const nameOf = async (): Promise<unknown> => (await secureSocket(port)).getPeerCertificate().subject.CN;
  expect(await nameOf()).toBe('first.example');
  await writeFiles('second.example');
  await expect.poll(nameOf, { timeout: 300_000 }).toBe('second.example');

  const body = JSON.stringify({ modificationComment: 'written while the server ended' });
  const socket = await secureSocket(port);
  socket.write(
    `PATCH ${credential} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  expect(String(await once(socket, 'data'))).toContain('100 Continue');
  program.signal('SIGTERM');
  await program.says(/^SIGTERM: /m);
  // While it drains, it still serves.
  expect((await sendByTls(port, '/health/ready')).status).toBe(503);
  await expect.poll(async () => await sendByTls(port, '/health/ready').catch(() => 'closed')).toBe('closed');
  socket.write(body);
  expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 200 OK');
  expect(await program.exit()).toBe(0);
  expect((await fixture.read(credential)).body).toMatchObject({
    version: 2,
    modificationComment: 'written while the server ended',
  });
});

test('files that cannot be used are one message with cause and remedy, before anything is started', async () => {
  const key = await clientCertificate(await issueCertificate({ subject: 'CN=other', keyType: 'EC-P384' }));
  const other = { TLS_KEY_FILE: folder.file('other.key', key.key), TLS_CLIENT_CA_FILE: folder.file('empty', '') };
  const { program } = await start(other);
  expect(await program.exit()).toBe(1);
  expect(program.output).toBe(`
certkeep cannot start with these settings:
  - TLS_CLIENT_CA_FILE: the file must contain certificates in PEM, and no other blocks.
  - TLS_KEY_FILE: the key is not that of the first certificate in TLS_CERT_FILE. Put the certificate of the server first, or name its key.
`);
});

test('a TLS port in use is one message that names the setting', LONG, async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const { program } = await start({ TLS_PORT: String(port) });
  expect(await program.exit()).toBe(1);
  expect(program.output).toContain(`\nPort ${port} on 127.0.0.1 is taken. Set TLS_PORT to a free one.\n`);
  expect(program.output).not.toMatch(/^ +at /m);
  holder.close();
});
