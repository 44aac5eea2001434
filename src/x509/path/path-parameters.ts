import type { KeyUsage } from '../certificate/certificate.js';
import type { DerCertificate } from '../certificate/der-certificate.js';
import type { Rejection } from './path-result.js';
import type { ValidSignatures } from './valid-signatures.js';

/** Which signatures and keys count (12.3). MD2, MD5 and every algorithm that is not known never count. */
export interface AlgorithmRules {
  /** Signatures with SHA-1 below the anchor. */
  readonly sha1: boolean;
  readonly dsa: boolean;
  readonly minimumRsaBits: number;
}

/** The inputs of RFC 5280 section 6.1.1, and what certkeep adds to them (12.6). */
export interface PathParameters {
  readonly time: Date;
  /** Dotted OIDs, each of which every certificate below the anchor must allow; empty: any purpose will do. */
  readonly eku: readonly string[];
  /** Usages that the leaf must have where it has a keyUsage extension. */
  readonly leafKeyUsage: readonly KeyUsage[];
  readonly maxIntermediates: number;
  /** Dotted OIDs. */
  readonly initialPolicySet: ReadonlySet<string> | 'any';
  readonly initialExplicitPolicy: boolean;
  readonly initialPolicyMappingInhibit: boolean;
  readonly initialAnyPolicyInhibit: boolean;
  readonly algorithms: AlgorithmRules;
  /** `section4` also refuses violated MUSTs of RFC 5280 section 4; `production` lists them as findings. */
  readonly profile: 'production' | 'section4';
  /** Signatures of leaves that earlier searches have found valid. */
  readonly signatures?: ValidSignatures | undefined;
  /** Asked of every path that is valid, from leaf to anchor; after a rejection the search continues. */
  readonly accept?: (path: readonly DerCertificate[]) => Rejection | undefined;
}

/** 12.3. */
export const PRODUCTION_ALGORITHMS: AlgorithmRules = { sha1: false, dsa: false, minimumRsaBits: 2048 };

/** 12.2. */
export const MAX_INTERMEDIATES = 8;

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** 12.3; `requiredEku`: dotted OIDs that a policy asks for instead of clientAuth. */
export function productionParameters(time: Date, requiredEku: readonly string[] = [CLIENT_AUTH]): PathParameters {
  return {
    time,
    eku: requiredEku,
    leafKeyUsage: ['digitalSignature'],
    maxIntermediates: MAX_INTERMEDIATES,
    initialPolicySet: 'any',
    initialExplicitPolicy: false,
    initialPolicyMappingInhibit: false,
    initialAnyPolicyInhibit: false,
    algorithms: PRODUCTION_ALGORITHMS,
    profile: 'production',
  };
}
