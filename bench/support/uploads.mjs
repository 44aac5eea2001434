// A process that uploads files, so that sending them does not delay the measuring process. The first
// message has the target and the file. At the second message it finishes the uploads in flight, and replies their number.
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

/** Connections begin with different kinds, so that both kinds are in flight at any time. */
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
