/** id-kp-clientAuth and anyExtendedKeyUsage (RFC 5280 section 4.2.1.12). */
const ALLOWING_PURPOSES = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

const DAY_MS = 86_400_000;

/** Why a certificate will no longer do for client authentication. */
export const FORECAST_REASONS = ['lacksClientAuth', 'issuerForbidsClientAuth', 'ends'] as const;
export type ForecastReason = (typeof FORECAST_REASONS)[number];

/** Dotted OIDs; null if the extension is absent, which allows every purpose. */
type Purposes = readonly string[] | null;

/** A stored certificate, as a search returns it. */
export interface ForecastCertificate {
  readonly extId: string;
  readonly userExtId: string;
  readonly subjectDN: string | null;
  readonly issuerDN: string | null;
  readonly serial: string;
  readonly authorityKeyIdentifier: Buffer | null;
  readonly extendedKeyUsage: Purposes;
  readonly notAfter: Date;
}

/** An intermediate of the client's trust-anchor sets. */
export interface Intermediate {
  readonly subjectDN: string;
  readonly subjectKeyIdentifier: Buffer | null;
  readonly extendedKeyUsage: Purposes;
}

interface ForecastQuestion {
  readonly now: Date;
  /** A certificate that ends within this time is listed. */
  readonly days: number;
  readonly intermediates: readonly Intermediate[];
}

export interface ForecastRow {
  readonly certificate: ForecastCertificate;
  /** In the order of `FORECAST_REASONS`; at least one. */
  readonly reasons: readonly ForecastReason[];
}

/** Undefined for a certificate that is not affected, and for one that has ended already. */
export function forecastRow(certificate: ForecastCertificate, question: ForecastQuestion): ForecastRow | undefined {
  const { now, days, intermediates } = question;
  if (certificate.notAfter < now) return undefined;
  const applies = {
    lacksClientAuth: !allowsClientAuth(certificate.extendedKeyUsage),
    issuerForbidsClientAuth: issuerForbidsClientAuth(certificate, intermediates),
    ends: certificate.notAfter.getTime() <= now.getTime() + days * DAY_MS,
  } satisfies Record<ForecastReason, boolean>;
  const reasons = FORECAST_REASONS.filter((reason) => applies[reason]);
  return reasons.length === 0 ? undefined : { certificate, reasons };
}

function allowsClientAuth(purposes: Purposes): boolean {
  return purposes === null || ALLOWING_PURPOSES.some((purpose) => purposes.includes(purpose));
}

/**
 * A CA may have several certificates, one of which is enough for a path: its issuer forbids clientAuth if each of the
 * known ones does. An unknown issuer forbids nothing.
 */
function issuerForbidsClientAuth(
  { issuerDN, authorityKeyIdentifier }: ForecastCertificate,
  intermediates: readonly Intermediate[],
): boolean {
  const issuers = intermediates.filter(
    ({ subjectDN, subjectKeyIdentifier }) =>
      subjectDN === issuerDN &&
      (subjectKeyIdentifier === null ||
        authorityKeyIdentifier === null ||
        subjectKeyIdentifier.equals(authorityKeyIdentifier)),
  );
  return issuers.length > 0 && issuers.every(({ extendedKeyUsage }) => !allowsClientAuth(extendedKeyUsage));
}

/** The affected certificates of one owner that one issuer has issued. */
export interface ForecastGroup {
  readonly issuerDN: string | null;
  readonly userExtId: string;
  readonly certificates: number;
  /** How many of them each reason applies to. */
  readonly reasons: Readonly<Record<ForecastReason, number>>;
  /** When the first of them ends. */
  readonly firstEnd: Date;
}

/** By issuer, then by owner. Certificates without a readable issuer come first. `known`: the groups of earlier rows. */
export function groupForecast(
  rows: Iterable<ForecastRow>,
  known: readonly ForecastGroup[] = [],
): readonly ForecastGroup[] {
  const groups = new Map(known.map((group) => [groupKey(group), group]));
  for (const row of rows) {
    const key = groupKey(row.certificate);
    groups.set(key, withRow(groups.get(key), row));
  }
  return [...groups.values()].toSorted(
    (one, other) => compare(one.issuerDN ?? '', other.issuerDN ?? '') || compare(one.userExtId, other.userExtId),
  );
}

function groupKey({ issuerDN, userExtId }: Pick<ForecastGroup, 'issuerDN' | 'userExtId'>): string {
  return JSON.stringify([issuerDN, userExtId]);
}

function withRow(group: ForecastGroup | undefined, { certificate, reasons }: ForecastRow): ForecastGroup {
  const { issuerDN, userExtId, notAfter } = certificate;
  const counted = FORECAST_REASONS.map(
    (reason) => [reason, (group?.reasons[reason] ?? 0) + (reasons.includes(reason) ? 1 : 0)] as const,
  );
  return {
    issuerDN,
    userExtId,
    certificates: (group?.certificates ?? 0) + 1,
    reasons: Object.fromEntries(counted) as Record<ForecastReason, number>,
    firstEnd: group === undefined || notAfter < group.firstEnd ? notAfter : group.firstEnd,
  };
}

/** The order does not depend on a locale. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
