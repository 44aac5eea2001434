import { Injectable } from '@nestjs/common';

import { ClientCache } from '../../common/client-cache.js';
import type { Reading } from '../../x509/der/reading.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { readOcspResponse } from '../../x509/revocation/ocsp/read-ocsp-response.js';
import { CrlReader } from './crl-reader.js';

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
  private readonly beingRead = new Map<string, Promise<Reading<Crl>>>();

  constructor(private readonly reader: CrlReader) {}

  /** The CRL with this digest, if it is kept. */
  crl(clientExtId: string, sha256: Buffer): Crl | undefined {
    return this.kept.get(clientExtId, keyOf('crl', sha256)) as Crl | undefined;
  }

  ocsp(clientExtId: string, sha256: Buffer): OcspResponse | undefined {
    return this.kept.get(clientExtId, keyOf('ocsp', sha256)) as OcspResponse | undefined;
  }

  /**
   * Several that need the same CRL wait for one thread to read it once.
   *
   * @throws AppError `errors.unavailable`
   */
  async readCrl(clientExtId: string, sha256: Buffer, der: Buffer): Promise<Reading<Crl>> {
    const known = this.crl(clientExtId, sha256);
    if (known !== undefined) return { value: known, problems: [] };
    const key = `${clientExtId} ${keyOf('crl', sha256)}`;
    const running = this.beingRead.get(key) ?? this.startReading(clientExtId, sha256, der);
    this.beingRead.set(key, running);
    try {
      return await running;
    } finally {
      this.beingRead.delete(key);
    }
  }

  readOcsp(clientExtId: string, sha256: Buffer, der: Buffer): Reading<OcspResponse> {
    const read = readOcspResponse(der);
    if (read.value !== undefined) {
      this.kept.set(clientExtId, keyOf('ocsp', sha256), read.value, der.length * OCSP_FACTOR);
    }
    return read;
  }

  private async startReading(clientExtId: string, sha256: Buffer, der: Buffer): Promise<Reading<Crl>> {
    const { length } = der;
    const read = await this.reader.read(clientExtId, der);
    if (read.value !== undefined) {
      this.kept.set(clientExtId, keyOf('crl', sha256), read.value, Math.ceil(length * CRL_FACTOR));
    }
    return read;
  }
}

function keyOf(kind: string, sha256: Buffer): string {
  return `${kind} ${sha256.toString('base64')}`;
}
