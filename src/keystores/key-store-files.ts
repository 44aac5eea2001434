import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { Clock } from '../common/clock.js';
import type { ErrorDetail } from '../common/errors.js';
import type { Secret } from '../common/secret.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { KeyStoreContent } from './key-store-row.model.js';
import type { SentFile } from './key-store.model.js';
import { Pkcs12Reader } from './pkcs12-reader.js';

export type OpenedFile =
  | { readonly ok: true; readonly content: KeyStoreContent }
  | { readonly ok: false; readonly error: ErrorDetail };

/** Opens p12 files, for what is no secret of them. */
@Injectable()
export class KeyStoreFiles {
  constructor(
    private readonly reader: Pkcs12Reader,
    private readonly clock: Clock,
  ) {}

  async open(file: Secret<SentFile>): Promise<OpenedFile> {
    const { p12, password } = file.reveal();
    const opened = await this.reader.readLeaf(p12, password, this.clock.now());
    if (!opened.ok) return refused(opened.problem === 'wrongPassword' ? 'password' : 'p12', opened.message);
    const read = readCertificate(opened.leaf);
    if (!read.ok) return refused('p12', read.message);
    const { subject, notAfter } = read.certificate;
    return {
      ok: true,
      content: {
        subjectDn: subject === undefined ? null : formatName(subject),
        expires: notAfter,
        p12Sha256: hash('sha256', p12, 'buffer'),
      },
    };
  }
}

function refused(field: string, message: string): OpenedFile {
  return { ok: false, error: { code: 'errors.invalidData', message, field } };
}
