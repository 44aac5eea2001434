import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.js';

// A Node process of its own for tests that kill it: starts PostgreSQL, prints the address, waits.
const [, , dataDirectory = ''] = process.argv;
const { url } = await startEmbeddedPostgres({ dataDirectory, durable: false, announce: () => undefined });
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);
