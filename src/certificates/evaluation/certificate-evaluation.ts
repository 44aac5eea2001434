import { ClientCache } from '../../common/client-cache.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { type PreparedAnchors, prepareAnchors } from '../../x509/path/prepared-anchors.js';
import { crlSet } from '../../x509/revocation/crl-set.js';
import { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { readOcspResponse } from '../../x509/revocation/ocsp/read-ocsp-response.js';
import { readCrl } from '../../x509/revocation/read-crl.js';
import { evaluatePath } from './evaluate-path.js';
import type {
  EvaluatedCertificate,
  EvaluatedOctets,
  EvaluationAnswer,
  EvaluationMessage,
  EvidenceKey,
  MessageToEvaluation,
} from './evaluation-message.js';

/** Of the DER of the evidence that one question may use; the thread keeps twice as much. */
export const MAX_EVIDENCE_OCTETS = 64 * 1024 * 1024;
const MAX_SET_OCTETS = 8 * 1024 * 1024;

/** All clients share it: what was used longest ago is dropped, so that what one question needs always has room. */
const SHARED = '';

function cacheOf<Value>(maxOctets: number): ClientCache<Value> {
  return new ClientCache<Value>({ maxOctets, maxOctetsPerClient: maxOctets });
}

/** `unreadable`: it counts as nothing, and is not sent again. */
type Evidence = Crl | OcspResponse | 'unreadable';

/** What the thread does with its messages. It reads each set and each piece of evidence once, as long as there is room. */
export class CertificateEvaluation {
  readonly #sets = cacheOf<PreparedAnchors>(2 * MAX_SET_OCTETS);
  readonly #evidence = cacheOf<Evidence>(2 * MAX_EVIDENCE_OCTETS);

  answer(message: MessageToEvaluation): EvaluationAnswer | undefined {
    switch (message.kind) {
      case 'set': {
        const { anchors, intermediates } = message;
        const prepared = prepareAnchors(anchors.map(certificateOf), intermediates.map(certificateOf));
        this.#sets.set(SHARED, message.set, prepared, octetsOf([...anchors, ...intermediates]));
        return undefined;
      }
      case 'evidence':
        this.#evidence.set(SHARED, nameOf(message.key), readEvidence(message.key, message.der), message.der.length);
        return undefined;
      default:
        return this.#evaluate(message);
    }
  }

  #evaluate({ set, evidence, certificates, time }: EvaluationMessage): EvaluationAnswer {
    const prepared = this.#sets.get(SHARED, set);
    const known = evidence.map((key) => ({ key, read: this.#evidence.get(SHARED, nameOf(key)) }));
    const missing = known.flatMap(({ key, read }) => (read === undefined ? key : []));
    if (prepared === undefined || missing.length > 0) {
      return { kind: 'missing', set: prepared === undefined, evidence: missing };
    }
    const digests = new Map(known.map(({ key, read }) => [read, key.sha256]));
    const read = [...digests.keys()].filter((each) => each !== undefined && each !== 'unreadable');
    const inputs = {
      set: prepared,
      crls: crlSet(read.filter((each) => each instanceof Crl)),
      ocsp: read.flatMap((each) => (each instanceof Crl ? [] : each)),
      digestOf: (each: Crl | OcspResponse) => digests.get(each) ?? '',
      time,
    };
    const evaluated = certificates.map(({ der, purposes }: EvaluatedOctets): EvaluatedCertificate => {
      const leaf = readCertificate(Buffer.from(der));
      return leaf.ok ? evaluatePath(leaf.certificate, inputs, purposes) : { path: { kind: 'unproven' }, named: [] };
    });
    return { kind: 'evaluated', certificates: evaluated };
  }
}

/** @throws Error, which ends the thread: a stored set can be read */
function certificateOf(der: Uint8Array) {
  const read = readCertificate(Buffer.from(der));
  if (!read.ok) throw new Error(`A certificate of a trust-anchor set does not parse: ${read.message}`);
  return read.certificate;
}

function readEvidence({ kind }: EvidenceKey, octets: Uint8Array): Evidence {
  const der = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return (kind === 'crl' ? readCrl(der) : readOcspResponse(der)).value ?? 'unreadable';
}

function nameOf({ kind, sha256 }: EvidenceKey): string {
  return `${kind} ${sha256}`;
}

function octetsOf(list: readonly Uint8Array[]): number {
  return list.reduce((sum, { length }) => sum + length, 0);
}
