// Shows where the processor time of the server goes under load: a flame graph (SVG) of each route, from V8's profiler, and the
// functions that take most of it.
//   npm run bench:profile [-- --routes get,certificate --connections 16 --seconds 10 --data FOLDER --credentials 10000]
// Writes .cache/profile/ROUTE.svg, and beside it ROUTE.cpuprofile, which the developer tools of Chromium open.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { callTreeOf, flameGraph, ownTimes } from './support/flame-graph.mjs';
import { findGenerator } from './support/generator.mjs';
import { addAccounts, requestsOf, ROUTES } from './support/routes.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    credentials: { type: 'string', default: '10000' },
    data: { type: 'string' },
    connections: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '10' },
    routes: { type: 'string', default: 'get,comment,certificate' },
    server: { type: 'string', default: 'certkeep' },
  },
});
const connections = Number(options.connections);
const seconds = Number(options.seconds);
const SHOWN = 30;
const folder = join(import.meta.dirname, '..', '.cache', 'profile');

await using ending = endWithSignal();
const database = await openFilledDatabase(ending, { data: options.data, certificates: Number(options.credentials) });
const accounts = await addAccounts(database.client);
const { environment, token } = await makeEnvironment(database, ['100', ...accounts]);
const requests = await requestsOf(database, { token, mint: await certificateMint(), accounts });
const generator = await findGenerator();
await mkdir(folder, { recursive: true });

for (const route of options.routes.split(',')) {
  const { status = 200, title } = ROUTES[route];
  const written = join(folder, 'written');
  await rm(written, { recursive: true, force: true });
  {
    const profiled = ['--cpu-prof', `--cpu-prof-dir=${written}`];
    await using server = await startServer(options.server, environment, database.dataDirectory, profiled);
    const { perSecond } = await generator.generate(server, requests(route, seconds), { status, connections, seconds });
    console.log(`\n${title}: ${perSecond} requests/s with the profiler`);
  }
  const profile = await mainProfile(written);
  const tree = callTreeOf(JSON.parse(await readFile(profile, 'utf8')));
  const picture = join(folder, `${route}.svg`);
  await writeFile(picture, flameGraph(tree, title));
  await rename(profile, join(folder, `${route}.cpuprofile`));
  await rm(written, { recursive: true });
  console.table(ownTimes(tree).slice(0, SHOWN));
  console.log(picture);
}

/** Worker threads write profiles, too; that of the main thread has the number 0. */
async function mainProfile(written) {
  const names = await readdir(written);
  const main = names.find((name) => /^CPU\.\d+\.\d+\.\d+\.0\.\d+\.cpuprofile$/.test(name));
  if (main === undefined) throw new Error(`No profile of a main thread: ${names.join(', ')}`);
  return join(written, main);
}
