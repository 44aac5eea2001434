import { noRecord } from '../common/errors.js';
import { readCertificateId } from './certificate-id.rules.js';

/** An account is the client whose extId it is. */
export interface AccountPath {
  readonly accountId: string;
}

export interface CertificatePath extends AccountPath {
  readonly certificateId: string;
}

/** What is no id names nothing. */
export function idOf({ certificateId }: CertificatePath): number {
  const id = readCertificateId(certificateId);
  if (id === undefined) throw noRecord();
  return id;
}
