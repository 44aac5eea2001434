import { once } from 'node:events';

import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

// A Node process of its own, for tests that kill it: starts PostgreSQL, prints the address, stops when its input ends.
const [, , dataDirectory = ''] = process.argv;
const server = await startEmbeddedPostgres({ dataDirectory, durable: false, announce: () => undefined });
process.stdout.write(`${server.url}\n`);
await once(process.stdin.resume(), 'end');
await server.stop();
