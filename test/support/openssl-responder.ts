import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { writeFixture } from '../revocation/responder-fixture.js';
import type { Issued } from './signed-certificate.js';

const run = promisify(execFile);

/**
 * A responder on a server of the test whose responses are made by `openssl ocsp` and signed by the issuer. Each is current
 * from the time of this machine for an hour. A certificate that it does not know is `unknown`.
 */
export class OpensslResponder {
  private readonly files: ReturnType<typeof writeFixture>;
  /** Lines of the database of `openssl ca`: status, expiry, revocation, serial number, file, subject. */
  private readonly lines = new Map<string, string>();

  constructor(issuer: Issued) {
    this.files = writeFixture({ issuer });
  }

  knows(certificate: Issued, revokedBecause?: 'keyCompromise' | 'certificateHold'): void {
    const serial = certificate.certificate.structure.serialNumber.toString('hex').toUpperCase();
    const status = revokedBecause === undefined ? ['V', ''] : ['R', `200101000000Z,${revokedBecause}`];
    this.lines.set(serial, [status[0], '491231235959Z', status[1], serial, 'unknown', '/CN=x'].join('\t'));
  }

  readonly listener: RequestListener = (request, response) => {
    buffer(request)
      .then(async (body) => await this.answer(body))
      .then(
        (answer) => response.end(answer),
        () => response.writeHead(500).end(),
      );
  };

  remove(): void {
    this.files.remove();
  }

  private async answer(request: Buffer): Promise<Buffer> {
    const { file } = this.files;
    // Requests may arrive at the same time.
    const name = randomUUID();
    await writeFile(file(`${name}.request`), request);
    await writeFile(file(`${name}.index`), [...this.lines.values(), ''].join('\n'));
    const given = ['-index', file(`${name}.index`), '-reqin', file(`${name}.request`)];
    const signer = ['-CA', file('issuer.pem'), '-rsigner', file('issuer.pem'), '-rkey', file('issuer.key')];
    const output = ['-respout', file(`${name}.response`), '-nmin', '60', '-noverify'];
    await run('openssl', ['ocsp', ...given, ...signer, ...output], { timeout: 120_000 });
    return await readFile(file(`${name}.response`));
  }
}
