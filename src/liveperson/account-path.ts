import { noRecord } from '../common/errors.js';
import { readCertificateId } from './certificate-id.rules.js';

/** An account is the client with this extId. */
export interface AccountPath {
  readonly accountId: string;
}

export interface CertificatePath extends AccountPath {
  readonly certificateId: string;
}

/** 404 for anything that is not a valid id. */
export function idOf({ certificateId }: CertificatePath): number {
  const id = readCertificateId(certificateId);
  if (id === undefined) throw noRecord();
  return id;
}
