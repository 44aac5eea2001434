import { noRecord } from '../common/errors.js';

/** An account is the client with this extId. */
export interface AccountPath {
  readonly accountId: string;
}

export interface CertificatePath extends AccountPath {
  readonly certificateId: string;
}

/** A whole number from 1 to 2^53 − 1, or its digits as text; undefined for anything else. */
export function readCertificateId(sent: unknown): number | undefined {
  if (typeof sent === 'string' && !/^[1-9]\d{0,15}$/.test(sent)) return undefined;
  if (typeof sent !== 'string' && typeof sent !== 'number') return undefined;
  const id = Number(sent);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** 404 for anything that is not a valid id. */
export function idOf({ certificateId }: CertificatePath): number {
  const id = readCertificateId(certificateId);
  if (id === undefined) throw noRecord();
  return id;
}
