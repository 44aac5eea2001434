import type { DerCertificate } from '../certificate/der-certificate.js';
import { issuerAltName } from '../certificate/extensions/alternative-names.js';
import type { DistributionPoint, DistributionPointName } from '../certificate/extensions/distribution-points.js';
import type { GeneralName } from '../certificate/extensions/general-name.js';
import { nameKey } from '../name/compare-names.js';
import type { Name } from '../name/name.js';
import type { Crl } from './crl.js';

/** RFC 5280 section 6.3.3 (b)(2)(i). */
export function namesMatch(crl: Crl, point: DistributionPoint, certificate: DerCertificate): boolean {
  const { issuingDistributionPoint: issued } = crl;
  if (issued === undefined || !hasName(issued)) return true;
  const wanted = hasName(point) ? namesOf(point, crlIssuers(point, certificate)) : comparable(point.cRLIssuer ?? []);
  const offered = new Set(namesOf(issued, [crl.structure.issuer]));
  return wanted.some((name) => offered.has(name));
}

/** Who may issue the CRLs of this point: those that it names, else the issuer of the certificate. */
export function crlIssuers({ cRLIssuer }: DistributionPoint, { issuer }: DerCertificate): readonly Name[] {
  if (cRLIssuer === undefined) return issuer === undefined ? [] : [issuer];
  return cRLIssuer.flatMap((name) => (name.kind === 'directoryName' ? name.value : []));
}

/**
 * The distribution points of a certificate, and at last the one that RFC 5280 section 6.3.3 assumes for the CRLs that
 * no distribution point specifies.
 */
export function pointsOf(
  certificate: DerCertificate,
  ownPoints: readonly DistributionPoint[],
): readonly DistributionPoint[] {
  const { issuer } = certificate;
  const issuerNames: readonly GeneralName[] = issuer === undefined ? [] : [{ kind: 'directoryName', value: issuer }];
  const assumed: DistributionPoint = {
    fullName: [...issuerNames, ...(certificate.extension(issuerAltName) ?? [])],
    nameRelativeToCRLIssuer: undefined,
    reasons: undefined,
    cRLIssuer: undefined,
  };
  return [...ownPoints, assumed];
}

function hasName({ fullName, nameRelativeToCRLIssuer: relative }: DistributionPointName): boolean {
  return fullName !== undefined || relative !== undefined;
}

/** RFC 5280 section 4.2.1.13: a relative name is the last RDN below the name of the CRL issuer. */
function namesOf(
  { fullName, nameRelativeToCRLIssuer: relative }: DistributionPointName,
  issuers: readonly Name[],
): readonly string[] {
  if (relative === undefined) return comparable(fullName ?? []);
  return issuers.map(({ der, relativeDistinguishedNames }) =>
    directoryName({ der, relativeDistinguishedNames: [...relativeDistinguishedNames, relative] }),
  );
}

const directoryName = (name: Name): string => `directoryName ${nameKey(name)}`;

/** A name that cannot be read equals nothing. */
function comparable(names: readonly GeneralName[]): readonly string[] {
  return names.flatMap((name) => {
    switch (name.kind) {
      case 'directoryName':
        return directoryName(name.value);
      case 'unreadable':
        return [];
      case 'dNSName':
        return `${name.kind} ${name.value.toLowerCase()}`;
      case 'otherName':
        return `${name.kind} ${name.type} ${name.value.toString('hex')}`;
      default:
        return `${name.kind} ${typeof name.value === 'string' ? name.value : name.value.toString('hex')}`;
    }
  });
}
