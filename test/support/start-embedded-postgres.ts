import { once } from 'node:events';

import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

// A program for tests that kill it: starts PostgreSQL, prints its address, and stops when the input ends.
const [, , dataDirectory = '', port = ''] = process.argv;
const server = await startEmbeddedPostgres({
  dataDirectory,
  durable: false,
  announce: () => undefined,
  port: Number(port),
});
process.stdout.write(`${server.url}\n`);
await once(process.stdin.resume(), 'end');
await server.stop();
