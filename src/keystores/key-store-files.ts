import { hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { type ErrorDetail, throwAll } from '../common/errors.js';
import type { Secret } from '../common/secret.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { SentFile } from './key-store.model.js';
import type { KeyStoreContent } from './key-store.table.js';
import { Pkcs12Reader } from './pkcs12-reader.js';
import { mapConcurrently } from './vault-limits.js';

type OpenedFile =
  | { readonly ok: true; readonly content: KeyStoreContent }
  | { readonly ok: false; readonly error: ErrorDetail };

/** Opens p12 files and reads the parts that are not secret. */
@Injectable()
export class KeyStoreFiles {
  constructor(
    private readonly reader: Pkcs12Reader,
    private readonly clock: Clock,
  ) {}

  /** Throws `errors` and those of the files together, in the order of the items. */
  async contentsOf(
    caller: Pick<Caller, 'signal'>,
    accountId: string,
    items: readonly { readonly file: Secret<SentFile> }[],
    errors: readonly ErrorDetail[],
  ): Promise<readonly KeyStoreContent[]> {
    const opened = await this.openAll(caller, accountId, items);
    const unopened = opened.flatMap((file, index) => (file.ok ? [] : [{ ...file.error, index }]));
    throwAll([...errors, ...unopened].toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)));
    return opened.flatMap((file) => (file.ok ? [file.content] : []));
  }

  /** Results are in the order of the items. If one fails to get a slot, the others stop waiting. */
  private async openAll(
    caller: Pick<Caller, 'signal'>,
    accountId: string,
    items: readonly { readonly file: Secret<SentFile> }[],
  ): Promise<OpenedFile[]> {
    const cancelled = new AbortController();
    const signal = AbortSignal.any([cancelled.signal, ...(caller.signal === undefined ? [] : [caller.signal])]);
    try {
      return await mapConcurrently(items, async ({ file }) => await this.open({ signal }, accountId, file));
    } catch (error) {
      cancelled.abort(error);
      throw error;
    }
  }

  async open({ signal }: Pick<Caller, 'signal'>, clientExtId: string, file: Secret<SentFile>): Promise<OpenedFile> {
    const { p12: bytes, password } = file.reveal();
    const now = this.clock.now();
    const opened = await this.reader.readLeaf({ clientExtId, signal, file: bytes, password, now });
    if (!opened.ok) return refused(opened.problem === 'wrongPassword' ? 'password' : 'p12', opened.message);
    const read = readCertificate(opened.leaf);
    if (!read.ok) return refused('p12', read.message);
    const { subject, notAfter } = read.certificate;
    return {
      ok: true,
      content: {
        subjectDn: subject === undefined ? null : formatName(subject),
        expires: notAfter,
        p12Sha256: hash('sha256', bytes, 'buffer'),
      },
    };
  }
}

function refused(field: string, message: string): OpenedFile {
  return { ok: false, error: { code: 'errors.invalidData', message, field } };
}
