// A process of its own that uploads, so that what it costs to send does not delay whoever measures beside it. The first
// message says what to send where; the second lets it finish what is on its way, and it answers how many there were.
import { once } from 'node:events';

import { bodiesOf } from './key-store-files.mjs';

const KINDS = ['json', 'multipart'];
const PATHS = { json: '', multipart: '/by-file' };

const [{ url, headers, account, p12, connections }] = await once(process, 'message');
const bodies = bodiesOf(p12);
const done = { json: 0, multipart: 0 };
const enough = new AbortController();
process.once('message', () => enough.abort());

await Promise.all(Array.from({ length: connections }, async (_, connection) => await upload(connection)));
process.send(done, () => process.disconnect());

/** Every other connection begins with the other kind: at any time some of each are on their way. */
async function upload(connection) {
  for (let number = 0; !enough.signal.aborted; number += 1) {
    const kind = KINDS[(connection + number) % KINDS.length];
    const { headers: own, body } = bodies[kind](`store-${connection}-${number}`);
    const answer = await fetch(`${url}/mtls/account/${account}/certificates${PATHS[kind]}`, {
      method: 'POST',
      headers: { ...headers, ...own },
      body,
    });
    const text = await answer.text();
    if (answer.status !== 201 || !text.includes('"failedSaveToVaultCertificates":[]')) {
      throw new Error(`${kind}: ${answer.status} ${text}`);
    }
    done[kind] += 1;
  }
}
