import { Injectable } from '@nestjs/common';

import { ClientCache } from '../../common/client-cache.js';
import type { Reading } from '../../x509/der/reading.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { readOcspResponse } from '../../x509/revocation/ocsp/read-ocsp-response.js';
import { CrlReader, type CrlWithDer } from './crl-reader.js';

const MIB = 1024 * 1024;

/** A CRL counts with its DER and the index of its entries. */
const CACHE = { maxOctets: 256 * MIB, maxOctetsPerClient: 96 * MIB };

/** Of an OCSP response: its DER, and the objects that it is read into. */
const OCSP_FACTOR = 8;

/** Octets of the index for each octet of a CRL, at most: 8 for an entry of at least 22. */
const CRL_FACTOR = 1.4;

/** Reads CRLs and OCSP responses, and keeps what was read: the same bytes always say the same. */
@Injectable()
export class ReadEvidence {
  private readonly kept = new ClientCache<Crl | OcspResponse>(CACHE);
  private readonly beingRead = new Map<string, Promise<Reading<Crl> | undefined>>();

  constructor(private readonly reader: CrlReader) {}

  ocsp(clientExtId: string, sha256: Buffer): OcspResponse | undefined {
    return this.kept.get(clientExtId, keyOf('ocsp', sha256)) as OcspResponse | undefined;
  }

  /**
   * The CRL with this digest. Several that need the same one wait until it has been loaded and read once.
   *
   * @returns undefined if `load` finds none
   * @throws AppError `errors.unavailable`
   */
  async crl(
    clientExtId: string,
    sha256: Buffer,
    load: () => Promise<Buffer | undefined>,
  ): Promise<Reading<Crl> | undefined> {
    const known = this.kept.get(clientExtId, keyOf('crl', sha256)) as Crl | undefined;
    if (known !== undefined) return { value: known, problems: [] };
    const key = `${clientExtId} ${keyOf('crl', sha256)}`;
    const running = this.beingRead.get(key);
    if (running !== undefined) return await running;
    const started = this.loadCrl(clientExtId, load).finally(() => this.beingRead.delete(key));
    this.beingRead.set(key, started);
    return await started;
  }

  /** A CRL that has just been received. */
  async newCrl(clientExtId: string, bytes: Buffer, mayBePem: boolean): Promise<Reading<CrlWithDer>> {
    const read = await this.reader.read(clientExtId, () => Promise.resolve(bytes), { mayBePem });
    if (read === undefined) throw new Error('The reader has not read what it was given.');
    if (read.value !== undefined) this.keep(clientExtId, read.value);
    return read;
  }

  readOcsp(clientExtId: string, sha256: Buffer, der: Buffer): Reading<OcspResponse> {
    const read = readOcspResponse(der);
    if (read.value !== undefined) {
      this.kept.set(clientExtId, keyOf('ocsp', sha256), read.value, der.length * OCSP_FACTOR);
    }
    return read;
  }

  private async loadCrl(
    clientExtId: string,
    load: () => Promise<Buffer | undefined>,
  ): Promise<Reading<Crl> | undefined> {
    const read = await this.reader.read(clientExtId, load);
    if (read?.value !== undefined) this.keep(clientExtId, read.value);
    return read && { value: read.value?.crl, problems: read.problems };
  }

  private keep(clientExtId: string, { crl, der, sha256 }: CrlWithDer): void {
    this.kept.set(clientExtId, keyOf('crl', sha256), crl, Math.ceil(der.length * CRL_FACTOR));
  }
}

function keyOf(kind: string, sha256: Buffer): string {
  return `${kind} ${sha256.toString('base64')}`;
}
