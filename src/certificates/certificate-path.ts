/** The parameters of every path below a user's certificates. */
export interface CertificatePath {
  readonly clientExtId: string;
  readonly userExtId: string;
  readonly extId: string;
}

export type CertificatesPath = Omit<CertificatePath, 'extId'>;
