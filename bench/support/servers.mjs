import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { SignJWT } from 'jose';

const root = join(import.meta.dirname, '..', '..');
const START_SECONDS = 30;

export const SERVERS = {
  certkeep: 'dist/src/main.js',
  bare: 'bench/bare.mjs',
  documented: '.cache/bench/documented/main.js',
};

/** The options of the start script and the image. */
export const V8_OPTIONS = ['--max-semi-space-size=16', '--heap-growing-percent=30'];

/** The settings of all servers, and the token of an administrator of these clients. */
export async function makeEnvironment({ url, dataDirectory }, clients = ['100']) {
  const secret = randomBytes(32).toString('base64url');
  const files = {
    JWT_SECRET_FILE: join(dataDirectory, 'jwt'),
    X_TOKEN_SECRET_FILE: join(dataDirectory, 'x-token'),
    VAULT_KEY_FILE: join(dataDirectory, 'vault-key'),
  };
  await writeFile(files.JWT_SECRET_FILE, secret, { mode: 0o600 });
  await writeFile(files.X_TOKEN_SECRET_FILE, randomBytes(32).toString('base64url'), { mode: 0o600 });
  // A database that is used again has secrets of its first key.
  await writeFile(files.VAULT_KEY_FILE, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(
    (error) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  const claims = { client_ext_id: '100', roles: ['nevisIdm.Root'], data_room: { clients } };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject('bench')
    .setIssuer('certkeep')
    .setAudience('certkeep')
    .setIssuedAt()
    .setExpirationTime('4h')
    .sign(Buffer.from(secret));
  const environment = { DATABASE_URL: url, JWT_ISSUER: 'certkeep', JWT_AUDIENCE: 'certkeep', MIGRATE: 'off', ...files };
  return { environment, token };
}

/** Starts a server in its own process, as `npm start` and the image do, with its log in a file; resolves when it listens. */
export async function startServer(name, environment, logFolder, nodeOptions = []) {
  const port = await freePort();
  const logFile = join(logFolder, `${name}.log`);
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, [...V8_OPTIONS, ...nodeOptions, '--enable-source-maps', SERVERS[name]], {
    cwd: root,
    env: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const url = `http://127.0.0.1:${port}`;
  const server = {
    name,
    url,
    pid: child.pid,
    endOfLog: async () => (await readFile(logFile, 'utf8')).split('\n').slice(-20).join('\n'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
  for (let tries = 0; tries < START_SECONDS * 10; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(url)) return server;
    await after(100);
  }
  await server[Symbol.asyncDispose]();
  throw new Error(`${name} did not start:\n${await server.endOfLog()}`);
}

async function answers(url) {
  return await fetch(url).then(
    () => true,
    () => false,
  );
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
