import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';

export interface FileKey {
  readonly privateKey: KeyObject;
  /** From all bags that contain the key. */
  readonly localKeyIds: readonly Buffer[];
}

export interface KeyWithCertificates extends FileKey {
  readonly certificates: Certificates;
}

/** At least one. */
export type Certificates = readonly [X509Certificate, ...X509Certificate[]];

/** The keys for which there is a certificate; duplicate keys are merged. */
export function pairKeys(keys: readonly FileKey[], certificates: readonly X509Certificate[]): KeyWithCertificates[] {
  const distinct: { privateKey: KeyObject; publicKey: KeyObject; localKeyIds: Buffer[] }[] = [];
  for (const { privateKey, localKeyIds } of keys) {
    const publicKey = createPublicKey(privateKey);
    const known = distinct.find((other) => other.publicKey.equals(publicKey));
    if (known === undefined) distinct.push({ privateKey, publicKey, localKeyIds: [...localKeyIds] });
    else known.localKeyIds.push(...localKeyIds);
  }
  return distinct.flatMap(({ privateKey, localKeyIds }) => {
    const [first, ...more] = certificates.filter((certificate) => belongsTo(certificate, privateKey));
    return first === undefined ? [] : [{ privateKey, localKeyIds, certificates: [first, ...more] }];
  });
}

function belongsTo(certificate: X509Certificate, privateKey: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(privateKey);
  } catch {
    return false;
  }
}

/** Of the certificates of one key, the latest that is valid at `now`, or the latest of all if none is valid. */
export function latest(certificates: Certificates, now: Date): X509Certificate {
  const isValid = ({ validFromDate, validToDate }: X509Certificate) => validFromDate <= now && now <= validToDate;
  const rank = (certificate: X509Certificate) => [isValid(certificate) ? 1 : 0, certificate.validFromDate.getTime()];
  return certificates.reduce((best, other) => {
    const [valid = 0, from = 0] = rank(other);
    const [bestValid = 0, bestFrom = 0] = rank(best);
    return valid > bestValid || (valid === bestValid && from > bestFrom) ? other : best;
  });
}
