/** The page on which the certificate of this credential is replaced. */
export function addressOf(extId: string): string {
  return `/my/certificates/${encodeURIComponent(extId)}`;
}
