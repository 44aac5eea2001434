import { ClientCache } from '../common/client-cache.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { type PreparedAnchors, prepareAnchors } from '../x509/path/prepared-anchors.js';
import type { PolicyVersion, SetOfPolicy, TrustSet, TrustSetKey } from './trust-set.model.js';
import type { TrustSetRow } from './trust-set.table.js';

const MEBIBYTE = 1024 * 1024;

/** Of the DER of the sets. The largest set that a request can send is smaller than a client's share. */
const SETS = { maxOctets: 32 * MEBIBYTE, maxOctetsPerClient: 4 * MEBIBYTE };

/** Versions of policies whose set is known; each counts as one. */
const POLICIES = { maxOctets: 10_000, maxOctetsPerClient: 1_000 };

/** Undefined stands for a stored certificate that cannot be read. */
export interface StoredCertificates {
  readonly anchors: readonly (DerCertificate | undefined)[];
  readonly intermediates: readonly (DerCertificate | undefined)[];
}

/** Parses and caches sets. A version never changes, so nothing in the cache is ever out of date. */
export class ReadTrustSets {
  private readonly sets: ClientCache<TrustSet>;
  private readonly policies = new ClientCache<TrustSetKey>(POLICIES);

  constructor(limits = SETS) {
    this.sets = new ClientCache(limits);
  }

  known(key: TrustSetKey): TrustSet | undefined {
    return this.sets.get(key.clientExtId, nameOf(key));
  }

  /** For showing a set: what is only shown is not kept. */
  certificatesOf(row: TrustSetRow): StoredCertificates {
    return this.known(row) ?? { anchors: row.anchors.map(parse), intermediates: row.intermediates.map(parse) };
  }

  /** For evaluating. Throws if a certificate cannot be read: without it, the set proves nothing. */
  of(row: TrustSetRow): TrustSet {
    return this.known(row) ?? this.keep(row);
  }

  private keep(row: TrustSetRow): TrustSet {
    const { clientExtId, extId, generation, version, name } = row;
    const anchors = row.anchors.map(parseOrThrow);
    const intermediates = row.intermediates.map(parseOrThrow);
    let prepared: PreparedAnchors | undefined;
    const set: TrustSet = {
      clientExtId,
      extId,
      generation,
      version,
      name,
      anchors,
      intermediates,
      get prepared() {
        return (prepared ??= prepareAnchors(anchors, intermediates));
      },
    };
    const octets = [...row.anchors, ...row.intermediates].reduce((sum, { length }) => sum + length, 0);
    this.sets.set(clientExtId, nameOf(row), set, octets);
    return set;
  }

  /** The set that this version of a policy names, if it is cached. */
  ofPolicy(clientExtId: string, policy: PolicyVersion): SetOfPolicy | undefined {
    const key = this.policies.get(clientExtId, policyName(policy));
    const set = key === undefined ? undefined : this.known(key);
    return set === undefined ? undefined : { ...policy, set };
  }

  keepForPolicy(policy: PolicyVersion, set: TrustSet): SetOfPolicy {
    const { clientExtId, extId, generation, version } = set;
    this.policies.set(clientExtId, policyName(policy), { clientExtId, extId, generation, version }, 1);
    return { ...policy, set };
  }
}

function policyName({ policyGeneration, policyVersion, evaluationVersion }: PolicyVersion): string {
  return [policyGeneration, policyVersion, evaluationVersion].join(' ');
}

/** An extId has no blank. */
function nameOf({ extId, generation, version }: TrustSetKey): string {
  return [extId, generation, version].join(' ');
}

function parse(der: Buffer): DerCertificate | undefined {
  const result = readCertificate(der);
  return result.ok ? result.certificate : undefined;
}

function parseOrThrow(der: Buffer): DerCertificate {
  const certificate = parse(der);
  if (certificate === undefined) throw new Error('A certificate of a stored trust-anchor set cannot be read.');
  return certificate;
}
