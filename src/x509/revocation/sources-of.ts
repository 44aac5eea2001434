import type { DerCertificate } from '../certificate/der-certificate.js';
import { cRLDistributionPoints } from '../certificate/extensions/distribution-points.js';
import type { GeneralName } from '../certificate/extensions/general-name.js';
import { AccessMethod, authorityInformationAccess } from '../certificate/extensions/information-access.js';
import type { RevocationSource } from './revocation-source.js';

/** Of each kind, so that one certificate cannot make the server ask everywhere. */
const MAX_SOURCES = 4;

/** Where a certificate says that its status can be asked for: OCSP first, because an answer is small and new (13.2). */
export function sourcesOf(certificate: DerCertificate): readonly RevocationSource[] {
  const access = certificate.extension(authorityInformationAccess) ?? [];
  const responders = access.filter(({ accessMethod }) => accessMethod === AccessMethod.ocsp);
  const points = certificate.extension(cRLDistributionPoints) ?? [];
  return [
    ...sources(
      'ocsp',
      responders.map(({ accessLocation }) => accessLocation),
    ),
    ...sources(
      'crl',
      points.flatMap(({ fullName }) => fullName ?? []),
    ),
  ];
}

function sources(kind: RevocationSource['kind'], names: readonly GeneralName[]): readonly RevocationSource[] {
  const urls = names.flatMap((name) => (name.kind === 'uniformResourceIdentifier' ? name.value : []));
  return [...new Set(urls.filter(isHttp))].slice(0, MAX_SOURCES).map((url) => ({ kind, url }));
}

/** 13.3: plain http, since neither needs a connection that is secret or proven. */
function isHttp(url: string): boolean {
  return URL.parse(url)?.protocol === 'http:';
}
