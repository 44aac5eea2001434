import { alternativeNames } from '../../x509/certificate/alternative-name.js';
import type { GeneralName } from '../../x509/certificate/extensions/general-name.js';
import { productionParameters } from '../../x509/path/path-parameters.js';
import type { Crl } from '../../x509/revocation/crl.js';

/** RFC 5280 section 4.2.1.13, ReasonFlags, in the order of the bits; bit 0 is not used. */
export const SCOPE_REASONS = [
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

/** Names and reasons that are shown; a CRL may list thousands. */
const MAX_SHOWN = 20;

/** Which certificates a CRL is about, by its issuing distribution point (RFC 5280 section 5.2.5). */
interface CrlScope {
  /** The names of the distribution point, as they are shown. */
  readonly distributionPoint?: readonly string[];
  readonly onlyUserCertificates?: true;
  readonly onlyCaCertificates?: true;
  readonly onlyAttributeCertificates?: true;
  /** It may have entries about certificates of other issuers. */
  readonly indirect?: true;
  readonly onlySomeReasons?: readonly string[];
}

/** What the row of a CRL says about it, so that a list need not read its DER. */
export interface CrlDescription {
  readonly issuer: Buffer;
  readonly scope: CrlScope;
  readonly number: string | null;
  readonly baseNumber: string | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly unusable: string | null;
}

export function describeCrl(crl: Crl, now: Date): CrlDescription {
  return {
    issuer: crl.structure.issuer.der,
    scope: scopeOf(crl),
    number: crl.number?.toString() ?? null,
    baseNumber: crl.baseNumber?.toString() ?? null,
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate ?? null,
    unusable: crl.findUnusable(productionParameters(now))?.detail ?? null,
  };
}

function scopeOf({ issuingDistributionPoint: issued }: Crl): CrlScope {
  if (issued === undefined) return {};
  const { fullName, onlySomeReasons } = issued;
  return {
    ...(fullName === undefined ? {} : { distributionPoint: shown(fullName) }),
    ...(issued.onlyContainsUserCerts ? { onlyUserCertificates: true } : {}),
    ...(issued.onlyContainsCACerts ? { onlyCaCertificates: true } : {}),
    ...(issued.onlyContainsAttributeCerts ? { onlyAttributeCertificates: true } : {}),
    ...(issued.indirectCRL ? { indirect: true } : {}),
    ...(onlySomeReasons === undefined
      ? {}
      : { onlySomeReasons: SCOPE_REASONS.filter((_, index) => onlySomeReasons.has(index + 1)) }),
  };
}

function shown(names: readonly GeneralName[]): readonly string[] {
  return alternativeNames(names.slice(0, MAX_SHOWN)).map(({ value }) => value);
}
