import type { RevocationEvidence, WantedEvidence } from '../../trust/revocation/wanted-evidence.model.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';

/** CRLs that the next batch most likely needs as well. */
const MAX_KEPT = 16;

/** Sources that are asked during one pass over a client, by kind; the next pass finds their answers stored. */
const MAX_ASKED: Readonly<Record<RevocationSource['kind'], number>> = { crl: 100, ocsp: 1_000 };

/** Of one batch, so that the other clients wait for seconds only. */
const MAX_ASKED_AT_ONCE: Readonly<Record<RevocationSource['kind'], number>> = { crl: 8, ocsp: 32 };

/** What one pass over the certificates of a client has learnt, and whom it has asked. */
export class PassEvidence {
  #crls: readonly Crl[] = [];
  readonly #asked: Record<RevocationSource['kind'], Set<string>> = { crl: new Set(), ocsp: new Set() };

  get crls(): readonly Crl[] {
    return this.#crls;
  }

  keep({ crls }: Pick<RevocationEvidence, 'crls'>): void {
    this.#crls = [...new Set([...crls, ...this.#crls])].slice(0, MAX_KEPT);
  }

  /** The sources that may be asked now. No source is asked twice in a pass, however many certificates name it. */
  take(kind: RevocationSource['kind'], wanted: readonly WantedEvidence[]): readonly WantedEvidence[] {
    const asked = this.#asked[kind];
    const room = Math.min(MAX_ASKED_AT_ONCE[kind], MAX_ASKED[kind] - asked.size);
    const taken = distinctWanted(wanted)
      .filter(({ source }) => source.kind === kind)
      .filter((each) => !asked.has(sourceKey(each)))
      .slice(0, room);
    for (const each of taken) asked.add(sourceKey(each));
    return taken;
  }
}

/** Every source once: a CRL is that of all certificates of its issuer, an OCSP response that of one. */
export function distinctWanted(wanted: readonly WantedEvidence[]): readonly WantedEvidence[] {
  return [...new Map(wanted.map((each) => [sourceKey(each), each])).values()];
}

function sourceKey({ source: { kind, url }, certificate, issuer }: WantedEvidence): string {
  const about = kind === 'ocsp' ? certificate.sha256 : issuer.publicKeySha256;
  return `${kind} ${about.toString('hex')} ${url}`;
}
