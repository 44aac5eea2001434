import type { UserActivity } from '../../common/active-user.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { validityOf } from '../../x509/revocation/ocsp/ocsp-validity.js';
import type { StatusEvidence } from '../../x509/revocation/revocation-status.js';
import type { TrustEvaluation } from '../policy-evaluation.rules.js';

interface UsedLogin extends TrustEvaluation {
  readonly certificate: Pick<Certificate, 'notAfter'>;
  readonly credential: { readonly validTo: Date | null; readonly disabledOn: Date | null };
  readonly owner: Pick<UserActivity, 'validTo'>;
}

/**
 * Until when a login with the certificate would succeed if nothing is changed (contract 15.2): the earliest end of the
 * certificate, the credential and its replacement, the user, the certificates of the path and the evidence about their revocation.
 */
export function usableUntil({ certificate, credential, owner, searchedPath, revocation = [] }: UsedLogin): Date {
  const { result } = searchedPath ?? {};
  const path = result?.proven === true ? result.path : [];
  const ends = [
    certificate.notAfter,
    credential.validTo,
    credential.disabledOn,
    owner.validTo,
    ...path.map(({ notAfter }) => notAfter),
    ...revocation.flatMap(({ status }) => status.evidence.map(endOf)),
  ];
  const times = ends.flatMap((end) => (end === null || end === undefined ? [] : [end.getTime()]));
  return new Date(Math.min(...times));
}

/** Nothing counts as evidence without an end; that of an OCSP response may be our own. */
function endOf(evidence: StatusEvidence): Date | undefined {
  return evidence.kind === 'crl' ? evidence.crl.nextUpdate : validityOf(evidence.answer).nextUpdate;
}
