import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { toPem } from './certificates.mjs';

const run = promisify(execFile);

export const PASSWORD = 'paw1';

/**
 * Makes a p12 file with the openssl command, with one iteration, a key, its certificate, and more certificates of `mint`
 * up to `size` bytes. `round` (up or down) decides whether the last one, which does not fit exactly, is included.
 */
export async function makeKeyStoreFile(folder, mint, size, round) {
  const path = (name) => join(folder, name);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-subj', '/O=Bench AG/CN=store'];
  await run('openssl', [...request, '-keyout', path('key.pem'), '-out', path('leaf.pem')]);
  const withOthers = async (count) => {
    const others = Array.from({ length: count }, (_, number) => toPem(mint.der(number)));
    await writeFile(path('others.pem'), others.join(''));
    const files = [
      '-inkey',
      path('key.pem'),
      '-in',
      path('leaf.pem'),
      ...(count > 0 ? ['-certfile', path('others.pem')] : []),
    ];
    const protection = ['-iter', '1', '-passout', `pass:${PASSWORD}`];
    const { stdout } = await run('openssl', ['pkcs12', '-export', ...files, ...protection], { encoding: 'buffer' });
    return stdout;
  };
  const alone = await withOthers(0);
  const each = (await withOthers(1)).length - alone.length;
  return await withOthers(round((size - alone.length) / each));
}

/** Request bodies that differ only in the name. In JSON the file is an array of bytes, as LivePerson documents it. */
export function bodiesOf(p12) {
  const bytes = JSON.stringify([...p12]);
  return {
    json: (name) => ({
      headers: { 'content-type': 'application/json' },
      body: `[{"name":"${name}","password":"${PASSWORD}","p12":${bytes}}]`,
    }),
    multipart: (name) => ({
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: Buffer.concat([
        Buffer.from(
          `--${BOUNDARY}\r\nContent-Disposition: form-data; name="certificate"\r\n\r\n` +
            `${JSON.stringify({ name, password: PASSWORD })}\r\n--${BOUNDARY}\r\n` +
            'Content-Disposition: form-data; name="file"; filename="store.p12"\r\n' +
            'Content-Type: application/x-pkcs12\r\n\r\n',
        ),
        p12,
        Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
      ]),
    }),
  };
}

const BOUNDARY = 'bench-7d1c0b5e';
