import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import type { TrustSet, TrustSetKey } from './trust-set.model.js';
import type { TrustSetRow } from './trust-set.table.js';

/** Of the DER of all sets together; what was used longest ago is dropped first. */
const MAX_OCTETS = 32 * 1024 * 1024;

interface Kept {
  readonly set: TrustSet;
  readonly octets: number;
}

/** Parses and caches sets. A version never changes, so nothing in the cache is ever out of date. */
export class ReadTrustSets {
  private readonly kept = new Map<string, Kept>();
  private octets = 0;

  constructor(private readonly maxOctets = MAX_OCTETS) {}

  known(key: TrustSetKey): TrustSet | undefined {
    const name = nameOf(key);
    const entry = this.kept.get(name);
    if (entry === undefined) return undefined;
    this.kept.delete(name);
    this.kept.set(name, entry);
    return entry.set;
  }

  of(row: TrustSetRow): TrustSet {
    return this.known(row) ?? this.keep(row);
  }

  private keep(row: TrustSetRow): TrustSet {
    const { clientExtId, extId, generation, version, name } = row;
    const anchors = row.anchors.map(parse);
    const intermediates = row.intermediates.map(parse);
    const set = { clientExtId, extId, generation, version, name, anchors, intermediates };
    const octets = [...row.anchors, ...row.intermediates].reduce((sum, { length }) => sum + length, 0);
    this.kept.set(nameOf(row), { set, octets });
    this.octets += octets;
    this.makeRoom();
    return set;
  }

  private makeRoom(): void {
    for (const [name, { octets }] of this.kept) {
      if (this.octets <= this.maxOctets) return;
      this.kept.delete(name);
      this.octets -= octets;
    }
  }
}

/** An extId has no blank. */
function nameOf({ clientExtId, extId, generation, version }: TrustSetKey): string {
  return [clientExtId, extId, generation, version].join(' ');
}

/** Throws if it cannot be read: without its certificates, a set proves nothing. */
function parse(der: Buffer): DerCertificate {
  const result = readCertificate(der);
  if (!result.ok) throw new Error(`A certificate of a stored trust-anchor set does not parse: ${result.message}`);
  return result.certificate;
}
