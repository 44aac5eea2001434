import { expect, it } from 'vitest';

import { readCertificateStructure } from '../../src/x509/certificate/certificate-structure.js';
import { DerCertificate } from '../../src/x509/certificate/der-certificate.js';
import { nameConstraints } from '../../src/x509/certificate/extensions/name-constraints.js';
import { Tag } from '../../src/x509/der/tag.js';
import { NameConstraintSet } from '../../src/x509/path/name-constraints.js';
import { certificateOf, distinguishedName, extension, hex, objectIdentifier, sequence, tlv } from './der.js';

export const CN = '2.5.4.3';
export const O = '2.5.4.10';
export const EMAIL = '1.2.840.113549.1.9.1';
export const UPN = '1.3.6.1.4.1.311.20.2.3';
export const SMTP_UTF8 = '1.3.6.1.5.5.7.8.9';
export const SUBJECT_ALT_NAME = '2.5.29.17';

export const mail = (text: string) => tlv(0x81, Buffer.from(text));
export const dns = (text: string) => tlv(0x82, Buffer.from(text, 'latin1'));
export const uri = (text: string) => tlv(0x86, Buffer.from(text, 'latin1'));
export const ip = (digits: string) => tlv(0x87, hex(digits));
export const directory = (name: Buffer) => tlv(0xa4, name);
export const organization = (text: string) => distinguishedName([[O, Tag.utf8String, text]]);
export const other = (type: string, value: Buffer) => tlv(0xa0, objectIdentifier(type), tlv(0xa0, value));
export const utf8 = (text: string) => tlv(Tag.utf8String, Buffer.from(text));
export const smtpUtf8 = (text: string) => other(SMTP_UTF8, utf8(text));
export const registered = tlv(0x88, hex('2a03'));

export const EMPTY = distinguishedName();

export interface Bases {
  readonly permitted?: readonly Buffer[];
  readonly excluded?: readonly Buffer[];
}

function subtrees(tag: number, bases: readonly Buffer[] | undefined): Buffer[] {
  return bases === undefined ? [] : [tlv(tag, ...bases.map((base) => sequence(base)))];
}

export function constraintsOf({ permitted, excluded }: Bases) {
  return nameConstraints.read(sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)), []);
}

export function certificate(names: readonly Buffer[] | undefined, subject = EMPTY): DerCertificate {
  const extensions = names && [extension(SUBJECT_ALT_NAME, sequence(...names))];
  const der = certificateOf({ subject, ...(extensions && { extensions }) });
  return new DerCertificate(der, readCertificateStructure(der), new Date(0), new Date(0));
}

export const unlimited = { compare: () => true };

export function check(bases: Bases | readonly Bases[], names: readonly Buffer[] | undefined, subject?: Buffer): string {
  const levels = Array.isArray(bases) ? (bases as readonly Bases[]) : [bases as Bases];
  const set = levels.reduce((all, level) => all.with(constraintsOf(level)), NameConstraintSet.none);
  const result = set.check(certificate(names, subject), unlimited);
  return result === 'ok' ? result : `${result.problem} ${result.form}`;
}

/** [title, base, name, outcome if permitted, outcome if excluded] */
export type Row = readonly [string, Buffer, Buffer, string, string];

export function checkRows(form: string, rows: readonly Row[]): void {
  it.each(rows)(`4.2.1.10 ${form}: %s`, (_, base, name, permitted, excluded) => {
    expect(check({ permitted: [base] }, [name])).toBe(permitted === 'ok' ? 'ok' : `${permitted} ${form}`);
    expect(check({ excluded: [base] }, [name])).toBe(excluded === 'ok' ? 'ok' : `${excluded} ${form}`);
  });
}

export const WITHIN = ['ok', 'excluded'] as const;
export const OUTSIDE = ['notPermitted', 'ok'] as const;
/** Neither side can be sure. */
export const BOTH_WAYS = ['notPermitted', 'excluded'] as const;
export const MALFORMED = ['unreadable', 'unreadable'] as const;
