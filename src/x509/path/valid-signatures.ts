import { hash } from 'node:crypto';

import { ClientCache } from '../../common/client-cache.js';
import type { DerCertificate } from '../certificate/der-certificate.js';
import type { WorkingKey } from './working-key.js';

/** Each signature counts as one, and takes about 200 octets. */
const LIMITS = { maxOctets: 100_000, maxOctetsPerClient: 10_000 };

type Certificate = Pick<DerCertificate, 'sha256'>;
type Key = Pick<WorkingKey, 'id'>;

/** The valid signatures that a client has room for. */
export interface ValidSignatures {
  has(certificate: Certificate, key: Key): boolean;
  add(certificate: Certificate, key: Key): void;
}

/**
 * Remembers which certificates have a signature that a key has made, by the SHA-256 of the certificate and of the key with
 * its parameters: the same bytes always say the same. Whether the algorithm and the key still count is not part of it.
 */
export class RememberedSignatures {
  private readonly valid: ClientCache<true>;

  constructor(limits = LIMITS) {
    this.valid = new ClientCache(limits);
  }

  get size(): number {
    return this.valid.size;
  }

  of(clientExtId: string): ValidSignatures {
    return {
      has: (certificate, key) => this.valid.get(clientExtId, nameOf(certificate, key)) === true,
      add: (certificate, key) => this.valid.set(clientExtId, nameOf(certificate, key), true, 1),
    };
  }
}

function nameOf({ sha256 }: Certificate, { id }: Key): string {
  return sha256.toString('latin1') + hash('sha256', Buffer.from(id, 'latin1'), 'latin1');
}
