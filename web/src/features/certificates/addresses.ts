/** Where a certificate, its user and its policy are in the console. */

export interface CertificateKey {
  readonly clientExtId: string;
  readonly userExtId: string;
  readonly extId: string;
}

export function consoleOf(clientExtId: string): string {
  return `/console/${encodeURIComponent(clientExtId)}`;
}

export function userAddress(clientExtId: string, userExtId: string): string {
  return `${consoleOf(clientExtId)}/users/${encodeURIComponent(userExtId)}`;
}

export function certificateAddress({ clientExtId, userExtId, extId }: CertificateKey): string {
  return `${userAddress(clientExtId, userExtId)}/certificates/${encodeURIComponent(extId)}`;
}

export function policyAddress(clientExtId: string, policyExtId: string): string {
  return `${consoleOf(clientExtId)}/policies/${encodeURIComponent(policyExtId)}`;
}
