import { textDigest } from '../../common/text-digest.js';

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

/** Intermediates by the digest of their subject, as one search for each of many certificates needs them. */
export type IssuersBySubject = ReadonlyMap<string, readonly Intermediate[]>;

export function issuersBySubject(intermediates: Iterable<Intermediate>): IssuersBySubject {
  return Map.groupBy(intermediates, ({ subjectDN }) => textDigest(subjectDN));
}

interface ForecastQuestion {
  readonly now: Date;
  /** A certificate that ends within this time is listed. */
  readonly days: number;
  readonly issuers: IssuersBySubject;
}

export interface ForecastRow {
  readonly certificate: ForecastCertificate;
  /** In the order of `FORECAST_REASONS`; at least one. */
  readonly reasons: readonly ForecastReason[];
}

/** Undefined for a certificate that is not affected, and for one that has ended already. */
export function forecastRow(certificate: ForecastCertificate, question: ForecastQuestion): ForecastRow | undefined {
  const { now, days, issuers } = question;
  if (certificate.notAfter < now) return undefined;
  const applies = {
    lacksClientAuth: !allowsClientAuth(certificate.extendedKeyUsage),
    issuerForbidsClientAuth: issuerForbidsClientAuth(certificate, issuers),
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
  issuers: IssuersBySubject,
): boolean {
  const named = issuerDN === null ? [] : (issuers.get(textDigest(issuerDN)) ?? []);
  const known = named.filter(
    ({ subjectKeyIdentifier }) =>
      subjectKeyIdentifier === null ||
      authorityKeyIdentifier === null ||
      subjectKeyIdentifier.equals(authorityKeyIdentifier),
  );
  return known.length > 0 && known.every(({ extendedKeyUsage }) => !allowsClientAuth(extendedKeyUsage));
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

/** The groups of a report, whose rows come in batches. */
export class ForecastGroups {
  private readonly groups = new Map<string, ForecastGroup>();

  get size(): number {
    return this.groups.size;
  }

  add(rows: Iterable<ForecastRow>): void {
    for (const row of rows) {
      const key = groupKey(row.certificate);
      this.groups.set(key, withRow(this.groups.get(key), row));
    }
  }

  /** By issuer, then by owner. Certificates without a readable issuer come first. */
  sorted(): readonly ForecastGroup[] {
    return [...this.groups.values()].toSorted(
      (one, other) => compare(one.issuerDN ?? '', other.issuerDN ?? '') || compare(one.userExtId, other.userExtId),
    );
  }
}

function groupKey({ issuerDN, userExtId }: Pick<ForecastGroup, 'issuerDN' | 'userExtId'>): string {
  return textDigest(JSON.stringify([issuerDN, userExtId]));
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
