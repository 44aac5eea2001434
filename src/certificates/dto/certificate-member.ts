import { type MemberOptions, type MemberReader, readAs } from '../../http/members.js';
import type { Certificate } from '../../x509/certificate/certificate.js';
import { readPem } from '../../x509/certificate/pem.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';

const read: MemberReader<Certificate> = (text) => {
  const pem = readPem(text);
  if (!pem.ok) return pem;
  const result = readCertificate(pem.der);
  return result.ok ? { ok: true, value: result.certificate } : result;
};

/** A PEM certificate, parsed before the service sees it (contract 2.9). */
export function certificatePem(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    read,
    { type: 'string', maxLength: 65_536 },
    { description: 'One PEM block of an X.509 certificate; text around it is ignored.', ...options },
  );
}
