import { trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import { type CounterReset, stateValues, type Written } from '../credentials/credential.queries.js';
import type { StatementRunner } from '../database/database.js';
import type { Certificate } from '../x509/certificate/certificate.js';
import { formatName } from '../x509/name/format-name.js';
import type { CertificateColumns, Changed } from './certificate-decision.js';
import type { CertificatePath } from './certificate-path.js';
import type { CertificateRow, JudgesRow } from './certificate-row.js';
import { trailOf } from './certificate-trail.js';
import { CHANGE_CERTIFICATE, CHANGE_STATE, CREATE_CERTIFICATE } from './certificate.queries.js';

/** The row as a change leaves it, less what only the database knows. */
export function changedRow(row: CertificateRow, decision: Changed<Partial<CertificateColumns>>): CertificateRow {
  const { certificate, changes } = decision;
  return { ...row, ...changes, ...(certificate === undefined ? {} : certificateColumns(certificate)) };
}

/** Writes the change and its line of the trail; undefined where what it was judged by no longer stands. */
export async function storeChange(
  runner: StatementRunner,
  caller: Caller,
  path: CertificatePath,
  judged: CertificateRow & JudgesRow,
  decision: Changed<Partial<CertificateColumns>>,
): Promise<CertificateRow | undefined> {
  const next = changedRow(judged, decision);
  const replaced = decision.certificate !== undefined;
  const [written] = await runner.run<Written>(replaced ? CHANGE_CERTIFICATE : CHANGE_STATE, [
    path.clientExtId,
    path.userExtId,
    judged.ownerVersion,
    judged.policyExtId,
    judged.policyVersion,
    path.extId,
    judged.version,
    judged.lock,
    judged.lockedUntil,
    caller.now,
    ...stateValues(next),
    ...(decision.certificate === undefined ? [] : certificateValues(next, decision.certificate)),
    counterReset(decision),
    ...trailValues(caller, trailOf('changed', next, decision)),
  ]);
  return written === undefined ? undefined : { ...next, ...loginColumns(written), ...standing(written) };
}

/** As `storeChange`, for a credential that does not exist yet, of a user who then has at most `most`. */
export async function storeNew(
  runner: StatementRunner,
  caller: Caller,
  clientExtId: string,
  judges: JudgesRow & { readonly policyExtId: string },
  row: CertificateRow,
  decision: Changed<CertificateColumns> & { readonly certificate: Certificate },
  most: number,
): Promise<CertificateRow | undefined> {
  const [written] = await runner.run<Pick<Written, 'version' | 'at'>>(CREATE_CERTIFICATE, [
    clientExtId,
    row.userExtId,
    judges.ownerVersion,
    judges.policyExtId,
    judges.policyVersion,
    caller.now,
    most,
    row.extId,
    row.incarnation,
    row.userExtId,
    row.policyExtId,
    ...stateValues(row),
    ...certificateValues(row, decision.certificate),
    ...trailValues(caller, trailOf('created', row, decision)),
  ]);
  return written === undefined ? undefined : { ...row, ...standing(written) };
}

/** The columns that are the certificate's own, as they are stored and searched (contract 2.8). */
export function certificateColumns(certificate: Certificate) {
  return {
    der: certificate.der,
    sha256: certificate.sha256,
    sha1: certificate.sha1,
    subjectDn: certificate.subject === undefined ? null : formatName(certificate.subject),
    issuerDn: certificate.issuer === undefined ? null : formatName(certificate.issuer),
    serial: certificate.serial,
    ski: certificate.subjectKeyIdentifier ?? null,
  };
}

/** In the order of `CERTIFICATE_COLUMNS`. */
function certificateValues(row: CertificateRow, certificate: Certificate): readonly unknown[] {
  return [
    row.der,
    row.sha256,
    row.sha1,
    row.subjectDn,
    row.issuerDn,
    row.serial,
    row.ski,
    certificate.notBefore,
    certificate.notAfter,
    row.validFrom,
    row.validTo,
  ];
}

function counterReset({ certificate, changes }: Changed<Partial<CertificateColumns>>): CounterReset {
  if (certificate !== undefined) return 'all';
  return changes.failures === 0 || changes.failuresSinceLock === 0 ? 'failures' : 'none';
}

function standing({ version, at }: Pick<Written, 'version' | 'at'>): Partial<CertificateRow> {
  return { version, lastModified: at };
}

function loginColumns({ successes, failures, failuresSinceLock, lastSuccess, lastFailure }: Written) {
  return { successes, failures, failuresSinceLock, lastSuccess, lastFailure };
}
