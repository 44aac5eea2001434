import { ClientCache } from '../../common/client-cache.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { type PreparedAnchors, prepareAnchors } from '../../x509/path/prepared-anchors.js';
import { crlSet } from '../../x509/revocation/crl-set.js';
import { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import { readOcspResponse } from '../../x509/revocation/ocsp/read-ocsp-response.js';
import { readCrl } from '../../x509/revocation/read-crl.js';
import type { RevocationSearch } from '../revocation-paths.rules.js';
import { evaluatePath, type EvaluationInputs } from './evaluate-path.js';
import { evaluatePolicies } from './evaluate-policies.js';
import type {
  EvaluatedCertificate,
  EvaluationAnswer,
  EvidenceKey,
  MessageToEvaluation,
  PathQuestion,
  PolicyQuestion,
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

  #evaluate(question: PathQuestion | PolicyQuestion): EvaluationAnswer {
    const named = question.kind === 'paths' ? [question.set] : question.policies.flatMap(({ set }) => set?.key ?? []);
    const sets = new Map(named.map((key) => [key, this.#sets.get(SHARED, key)]));
    const known = question.evidence.map((key) => ({ key, read: this.#evidence.get(SHARED, nameOf(key)) }));
    const missing = known.flatMap(({ key, read }) => (read === undefined ? key : []));
    const missingSets = [...sets].flatMap(([key, prepared]) => (prepared === undefined ? key : []));
    if (missingSets.length > 0 || missing.length > 0) {
      return { kind: 'missing', sets: missingSets, evidence: missing };
    }
    const digests = new Map(known.map(({ key, read }) => [read, key.sha256]));
    const read = [...digests.keys()].filter((each) => each !== undefined && each !== 'unreadable');
    const crls = read.filter((each) => each instanceof Crl);
    const ocsp = read.flatMap((each) => (each instanceof Crl ? [] : each));
    if (question.kind === 'policies') return evaluateByPolicies(question, sets, { crls, ocsp });
    const inputs = { crls: crlSet(crls), ocsp, digestOf: (each: Crl | OcspResponse) => digests.get(each) ?? '' };
    return evaluatePaths(question, sets.get(question.set), inputs);
  }
}

function evaluatePaths(
  { certificates, time }: PathQuestion,
  set: PreparedAnchors | undefined,
  inputs: Omit<EvaluationInputs, 'set' | 'time'>,
): EvaluationAnswer {
  const evaluated = certificates.map(({ der, purposes }): EvaluatedCertificate => {
    const leaf = readCertificate(Buffer.from(der));
    return leaf.ok && set !== undefined
      ? evaluatePath(leaf.certificate, { ...inputs, set, time }, purposes)
      : { path: { kind: 'unproven' }, named: [] };
  });
  return { kind: 'paths', certificates: evaluated };
}

function evaluateByPolicies(
  { policies, certificates, time: now }: PolicyQuestion,
  sets: ReadonlyMap<string, PreparedAnchors | undefined>,
  evidence: RevocationSearch['evidence'],
): EvaluationAnswer {
  const withSets = policies.map(({ policy, set }) => {
    const prepared = set && sets.get(set.key);
    return { policy, set: set === undefined || prepared === undefined ? undefined : { name: set.name, prepared } };
  });
  const evaluated = certificates.map(({ der, owner }) => {
    const read = readCertificate(Buffer.from(der));
    return read.ok ? evaluatePolicies(read.certificate, withSets, { owner, evidence, now }) : undefined;
  });
  return { kind: 'policies', certificates: evaluated };
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
