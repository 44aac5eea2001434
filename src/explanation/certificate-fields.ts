import { formatInstant } from '../common/instant.js';
import type { PublicKeyInfo } from '../x509/certificate/certificate.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { keyPurposes } from '../x509/certificate/key-purposes.js';
import { formatName } from '../x509/name/format-name.js';
import type { Name } from '../x509/name/name.js';
import type { Field, PathCertificate, Remark } from './explanation.js';

const PURPOSE_NAMES: ReadonlyMap<string, string> = new Map([...keyPurposes].map(([name, oid]) => [oid, name]));

/** What a certificate says, for a person; what it does not have is left out. */
export function certificateFields(certificate: DerCertificate): readonly Field[] {
  const { subject, issuer, fingerprint } = pathCertificate(certificate);
  const { publicKey, keyUsage, extendedKeyUsage, subjectAlternativeNames, basicConstraints } = certificate;
  const fields: readonly (readonly [label: string, value: string | undefined])[] = [
    ['subject', subject],
    ['issuer', issuer],
    ['serial number', certificate.serial],
    ['valid', `${formatInstant(certificate.notBefore)} to ${formatInstant(certificate.notAfter)}`],
    ['key', keyText(publicKey)],
    ['signed with', certificate.signatureAlgorithm],
    ['names', listed(subjectAlternativeNames.map(({ type, value }) => `${type}:${value}`))],
    ['key usage', listed([...(keyUsage ?? [])])],
    ['purposes', listed([...(extendedKeyUsage ?? [])].map((oid) => PURPOSE_NAMES.get(oid) ?? oid))],
    ['CA', basicConstraints?.cA === true ? authority(basicConstraints.pathLenConstraint) : undefined],
    ['SHA-256', fingerprint],
  ];
  return fields.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

export function findingsOf({ findings }: DerCertificate): readonly Remark[] {
  return findings.map(({ code, part, detail, section }) => ({ code, detail: `${part}: ${detail}`, section }));
}

export function pathCertificate(certificate: DerCertificate): PathCertificate {
  const { subject, issuer, sha256 } = certificate;
  return { subject: nameOr(subject, NO_SUBJECT), issuer: nameOr(issuer, NO_ISSUER), fingerprint: colonHex(sha256) };
}

export const NO_SUBJECT = '(no subject)';
export const NO_ISSUER = '(no issuer)';

function nameOr(name: Name | undefined, otherwise: string): string {
  return name === undefined ? otherwise : formatName(name);
}

function keyText({ type, bits, curve }: PublicKeyInfo): string {
  if (curve !== undefined) return `${type} ${curve}`;
  return bits === undefined ? type : `${type}, ${bits} bits`;
}

function listed(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(', ');
}

function authority(pathLength: number | undefined): string {
  return pathLength === undefined ? 'yes' : `yes, path length ${pathLength}`;
}
