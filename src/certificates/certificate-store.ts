import type { AuditEvent } from '../audit/audit-event.model.js';
import { auditEvent } from '../audit/change-with-audit-event.js';
import { changesOf } from '../audit/changes.rules.js';
import type { Caller } from '../common/actor.js';
import { type CredentialChange, credentialEvent } from '../credentials/credential-event.js';
import type { CounterReset } from '../credentials/credential.queries.js';
import type { CertificateRow } from '../credentials/credential.table.js';
import type { StatementRunner } from '../database/database.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { colonHex } from '../x509/certificate/colon-hex.js';
import { formatName } from '../x509/name/format-name.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import { denialOfChange } from './certificate-denial.rules.js';
import type { EvaluatedCertificate, OwnerAndPolicyRow } from './certificate-row.js';
import { CHANGE_CERTIFICATE, CHANGE_STATE, CREATE_CERTIFICATE } from './certificate.queries.js';
import { hiddenSearchColumns, shownSearchColumns } from './search-columns.js';

/** The row after the change, without the values that only the database knows. */
export function changedRow(row: CertificateRow, decision: Changed<Partial<CertificateColumns>>): CertificateRow {
  const { certificate, changes } = decision;
  return { ...row, ...changes, ...(certificate === undefined ? {} : certificateColumns(certificate)) };
}

/** Writes the change and its audit event; undefined if a row on which the evaluation was based has changed. */
export async function storeChange(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  evaluated: EvaluatedCertificate,
  decision: Changed<Partial<CertificateColumns>>,
): Promise<CertificateRow | undefined> {
  const next = changedRow(evaluated, decision);
  const { certificate, changed } = decision;
  const event = auditEvent(
    caller,
    certificateEvent({ before: evaluated, row: next, changed, now: caller.now }, certificate),
  );
  const counterReset = counterResetOf(decision);
  const denied = denialOfChange(evaluated, next);
  const parameters = { clientExtId, evaluated, now: caller.now, counterReset, event, denied };
  const written =
    certificate === undefined
      ? await CHANGE_STATE.first(runner, { ...parameters, next })
      : await CHANGE_CERTIFICATE.first(runner, { ...parameters, next: { ...next, ...searchedOnly(certificate) } });
  if (written === undefined) return undefined;
  const { at, ...columns } = written;
  return { ...next, ...columns, lastModified: at };
}

/** Like `storeChange`, for a new credential of a user who must not have more than `maxCount`. */
export async function storeNew(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  evaluated: OwnerAndPolicyRow,
  { row, certificate, changed, maxCount }: NewCertificate,
): Promise<CertificateRow | undefined> {
  const event = auditEvent(caller, certificateEvent({ before: undefined, row, changed, now: caller.now }, certificate));
  const next = { ...row, ...searchedOnly(certificate) };
  const written = await CREATE_CERTIFICATE.first(runner, { clientExtId, evaluated, next, maxCount, event });
  return written === undefined ? undefined : row;
}

interface NewCertificate {
  readonly row: CertificateRow;
  readonly certificate: Certificate;
  readonly changed: readonly string[];
  readonly maxCount: number;
}

/** The columns derived from the certificate that are returned (contract 2.8, 16.1). */
export function certificateColumns(certificate: Certificate) {
  return {
    der: certificate.der,
    sha256: certificate.sha256,
    sha1: certificate.sha1,
    subjectDn: certificate.subject === undefined ? null : formatName(certificate.subject),
    issuerDn: certificate.issuer === undefined ? null : formatName(certificate.issuer),
    serial: certificate.serial,
    ski: certificate.subjectKeyIdentifier ?? null,
    ...shownSearchColumns(certificate),
  };
}

/**
 * Contains the DER only if it differs from that of the previous version. Derived fields are not stored, because they
 * are read from the DER.
 */
export function certificateEvent(change: CredentialChange<CertificateRow>, certificate?: Certificate): AuditEvent {
  const { before, row } = change;
  const event = credentialEvent('certificate', change);
  if (certificate === undefined) return { ...event, sha256: row.sha256 };
  const was = before === undefined ? undefined : fingerprintOf(before);
  const changes = { ...event.changes, ...changesOf(['certificate'], was, fingerprintOf(row)) };
  return { ...event, changes, sha256: row.sha256, der: certificate.der };
}

/** A certificate is shown by its fingerprint (contract 10.3). */
function fingerprintOf({ sha256 }: CertificateRow) {
  return { certificate: colonHex(sha256) };
}

/** The columns derived from the certificate that are only searched. */
export function searchedOnly(certificate: Certificate) {
  const { notBefore, notAfter } = certificate;
  return { notBefore, notAfter, ...hiddenSearchColumns(certificate) };
}

function counterResetOf({ certificate, changes }: Changed<Partial<CertificateColumns>>): CounterReset {
  if (certificate !== undefined) return 'all';
  return changes.failures === 0 || changes.failuresSinceLock === 0 ? 'failures' : 'none';
}
