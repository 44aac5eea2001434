import { readAlgorithmIdentifier } from '../../certificate/algorithm-identifier.js';
import { readExtension } from '../../certificate/extensions/extension.js';
import { DerError } from '../../der/der-error.js';
import type { DerReader, DerValue } from '../../der/der-reader.js';
import { readIntegerOctets } from '../../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../../der/tag.js';
import { readTime } from '../../der/time.js';
import { readReason } from '../crl-entry.js';
import type { OcspCertId, SingleResponse } from './ocsp-response.js';

/** RFC 6960 section 4.2.1. @throws DerError */
export function readSingleResponse(value: DerValue): SingleResponse {
  const fields = value.inside();
  const certId = readCertId(fields.take(Tag.sequence, 'the identifier of a certificate').inside());
  const status = readCertStatus(fields.next());
  const thisUpdate = readUpdateTime(fields.take(Tag.generalizedTime, 'an update time'));
  const next = fields.takeOptional(contextConstructed(0));
  const nextUpdate = next && readUpdateTime(readOnly(next, Tag.generalizedTime, 'an update time'));
  const extensions = fields.takeOptional(contextConstructed(1));
  fields.finish('the answer about a certificate');
  return {
    certId,
    ...status,
    thisUpdate,
    nextUpdate,
    hasUnknownCriticalExtension: hasCriticalExtension(extensions),
  };
}

function readCertId(fields: DerReader): OcspCertId {
  const { algorithm: hashAlgorithm } = readAlgorithmIdentifier(fields);
  const issuerNameHash = fields.take(Tag.octetString, 'the hash of a name').content;
  const issuerKeyHash = fields.take(Tag.octetString, 'the hash of a key').content;
  const serialNumber = readIntegerOctets(fields.take(Tag.integer, 'a serial number'));
  fields.finish('the identifier of a certificate');
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
}

type CertStatus = Pick<SingleResponse, 'status' | 'reason' | 'revocationDate'>;

function readCertStatus(choice: DerValue): CertStatus {
  switch (choice.tag) {
    case contextPrimitive(0):
      return withoutContent(choice, 'good');
    case contextConstructed(1):
      return readRevocation(choice.inside());
    case contextPrimitive(2):
      return withoutContent(choice, 'unknown');
    default:
      throw new DerError('the status of a certificate is not known');
  }
}

/** A NULL. */
function withoutContent({ length }: DerValue, status: 'good' | 'unknown'): CertStatus {
  if (length > 0) throw new DerError('the status of a certificate has content');
  return { status, reason: undefined, revocationDate: undefined };
}

/** The revocation itself stands, even if its details cannot be read. */
function readRevocation(fields: DerReader): CertStatus {
  const revocationDate = readTime(fields.take(Tag.generalizedTime, 'the revocation date'));
  const reason = fields.takeOptional(contextConstructed(0));
  fields.finish('the revocation');
  return {
    status: 'revoked',
    reason: reason === undefined ? 'unspecified' : readReason(reason.content),
    revocationDate,
  };
}

/** Always a GeneralizedTime in the form of RFC 5280. @throws DerError */
export function readUpdateTime(value: DerValue): Date {
  const time = readTime(value);
  if (time === undefined) throw new DerError('an update time is not in the form of RFC 5280');
  return time;
}

/** None is processed. RFC 6960 section 4.4 lets nobody expect that one is, so that no responder makes one critical. */
export function hasCriticalExtension(explicit: DerValue | undefined): boolean {
  if (explicit === undefined) return false;
  let found = false;
  for (const list = readOnly(explicit, Tag.sequence, 'the list of extensions').inside(); !list.atEnd;) {
    if (readExtension(list.take(Tag.sequence, 'an extension').inside()).critical) found = true;
  }
  return found;
}

/** The only value in an EXPLICIT tag. @throws DerError */
export function readOnly(explicit: DerValue, tag: number, what: string): DerValue {
  const fields = explicit.inside();
  const value = fields.take(tag, what);
  fields.finish(what);
  return value;
}
