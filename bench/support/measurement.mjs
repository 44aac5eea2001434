import { postmasterOf, processorMs } from './processor.mjs';
import { highestWhile, residentMegabytes } from './resident.mjs';
import { ROUTES } from './routes.mjs';

const STATEMENTS = 'select sum(calls)::float8 as count from pg_stat_statements';
const WAL = `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as octets`;

/**
 * Measures routes on servers of one database: the rate and the times from the generator, and for each request the
 * processor time of server and PostgreSQL, statements, and bytes of WAL; and the most memory of the server.
 */
export async function measuringOn({ client, dataDirectory }, generator, requests) {
  const postmaster = await postmasterOf(dataDirectory);
  const read = async (server) => ({
    serverMs: await processorMs(server.pid),
    databaseMs: await processorMs(postmaster),
    statements: (await client.query(STATEMENTS)).rows[0].count,
    walOctets: (await client.query(WAL)).rows[0].octets,
  });
  return {
    async measure(server, route, { connections, seconds }) {
      const { status = 200, perSecond: most } = ROUTES[route];
      const made = requests(route, seconds);
      const before = await read(server);
      let generated;
      const megabytes = await highestWhile(
        generator.generate(server, made, { status, connections, seconds }).then((result) => {
          generated = result;
        }),
        async () => await residentMegabytes(server.pid),
      );
      const after = await read(server);
      if (most !== undefined && generated.answered > made.length) {
        throw new Error(`${server.name}, ${route}: more than ${most} requests a second, so that some were repeated.`);
      }
      const each = Object.keys(before).map((name) => [name, (after[name] - before[name]) / generated.answered]);
      return { ...generated, ...Object.fromEntries(each), megabytes };
    },
  };
}
