import type { DerCertificate } from '../x509/certificate/der-certificate.js';
import { readPem, readPemList } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';
import { type MemberOptions, type MemberReader, readAs } from './members.js';

const readSentCertificate: MemberReader<DerCertificate> = (sent) => {
  const pem = readPem(sent);
  if (!pem.ok) return pem;
  const result = readCertificate(pem.der);
  return result.ok ? { ok: true, value: result.certificate } : result;
};

/** A PEM certificate, parsed before the service sees it (contract 2.9). */
export function certificatePem(options: MemberOptions = {}): PropertyDecorator {
  return readAs(
    readSentCertificate,
    { type: 'string', maxLength: 65_536 },
    { description: 'One PEM block of an X.509 certificate; text around it is ignored.', ...options },
  );
}

/** PEM certificates in one text, parsed before the service sees them; the position of one that cannot be read is named. */
export function certificateList(minimum: number, maximum: number, options: MemberOptions = {}): PropertyDecorator {
  const range = minimum === 0 ? `at most ${maximum}` : `${minimum} to ${maximum}`;
  const read: MemberReader<readonly DerCertificate[]> = (sent) => {
    const pem = readPemList(sent);
    if (!pem.ok) return { ok: false, faults: pem.faults.map(({ message, index }) => faultAt(message, index)) };
    const { ders } = pem;
    if (ders.length < minimum || ders.length > maximum) {
      return { ok: false, message: `There must be ${range} certificates; there are ${ders.length}.` };
    }
    const results = ders.map(readCertificate);
    const faults = results.flatMap((result, index) => (result.ok ? [] : [faultAt(result.message, index)]));
    if (faults.length > 0) return { ok: false, faults };
    return { ok: true, value: results.flatMap((result) => (result.ok ? [result.certificate] : [])) };
  };
  const emptied = minimum === 0 ? ' An empty text stands for none.' : '';
  const description = `PEM blocks of ${range} X.509 certificates, one after another; text around them is ignored.${emptied}`;
  return readAs(read, { type: 'string' }, { description, ...options });
}

function faultAt(message: string, index: number | undefined) {
  return index === undefined ? { message } : { message: `Certificate ${index + 1}: ${message}`, index };
}
