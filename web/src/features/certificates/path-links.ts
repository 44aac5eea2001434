import type {
  PathCertificateResource,
  PathFindingResource,
  PathOutcomeResource,
  RejectedCertificateResource,
} from '../../api/generated/types.gen.js';

export interface PathLink {
  readonly certificate: PathCertificateResource;
  readonly problems: readonly RejectedCertificateResource[];
  readonly findings: readonly PathFindingResource[];
  readonly isAnchor: boolean;
}

export interface PathDrawing {
  /** From the certificate upwards. */
  readonly links: readonly PathLink[];
  /** Certificates with the name of the next issuer, which cannot be it. */
  readonly tried: readonly RejectedCertificateResource[];
  /** The next issuer, if there is none with its name. */
  readonly missing: RejectedCertificateResource | undefined;
  /** Certificates that led nowhere elsewhere. */
  readonly others: readonly RejectedCertificateResource[];
}

/** Which problem is to be drawn at which link of the chain. */
export function drawingOf({ proven, certificates, rejected, findings }: PathOutcomeResource): PathDrawing {
  const onPath = new Set(certificates.map(({ fingerprint }) => fingerprint));
  const last = certificates.at(-1);
  const outside = rejected.filter(({ fingerprint }) => !onPath.has(fingerprint));
  const isNext = ({ subjectDN }: PathCertificateResource) => subjectDN === last?.issuerDN;
  return {
    links: certificates.map((certificate, index) => ({
      certificate,
      problems: rejected.filter(
        ({ fingerprint, reason }) => fingerprint === certificate.fingerprint && reason !== 'issuerNotFound',
      ),
      findings: findings.filter(({ fingerprint }) => fingerprint === certificate.fingerprint),
      isAnchor: proven && index === certificates.length - 1,
    })),
    tried: outside.filter(isNext),
    missing: rejected.find(
      ({ fingerprint, reason }) => fingerprint === last?.fingerprint && reason === 'issuerNotFound',
    ),
    others: outside.filter((one) => !isNext(one)),
  };
}
