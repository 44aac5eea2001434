import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { toPem } from './certificates.mjs';

const run = promisify(execFile);

export const PASSWORD = 'paw1';

/**
 * A p12 file as the openssl command makes it, of one iteration, with a key, its certificate, and as many more of `mint`
 * as bring it to `size` bytes: `round` says whether the last one, which will not fit exactly, is still in it.
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

/** Requests that differ in their names alone. In JSON a file goes as LivePerson's documentation sends it, byte by byte. */
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
