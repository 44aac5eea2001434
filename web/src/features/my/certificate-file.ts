/** Why a file or a text is no certificate that could be sent. */
export type FileProblem =
  | 'empty'
  | 'tooLarge'
  | 'privateKey'
  | 'keyStore'
  | 'request'
  | 'bundle'
  | 'noCertificate'
  | 'unreadable';

export type CertificateFile =
  | {
      readonly ok: true;
      readonly pem: string;
      /** How many certificates there are; the first is taken. */ readonly count: number;
    }
  | { readonly ok: false; readonly problem: FileProblem };

/** As the server (contract 2.9). */
const MAX_OCTETS = 65_536;

export async function readCertificateFile(file: Blob): Promise<CertificateFile> {
  if (file.size > MAX_OCTETS) return problem('tooLarge');
  try {
    return certificateIn(new Uint8Array(await file.arrayBuffer()));
  } catch {
    // The browser may no longer read it, for example because it was moved meanwhile.
    return problem('unreadable');
  }
}

/** A PEM block, or base64 or the octets of the DER. Nothing that has a private key is sent to anybody. */
export function certificateIn(octets: Uint8Array): CertificateFile {
  if (octets.length === 0) return problem('empty');
  if (octets[0] === SEQUENCE) return ofDer(octets);
  const isUtf16 = octets[0] === 0xff && octets[1] === 0xfe;
  return certificateInText(new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(octets));
}

export function certificateInText(text: string): CertificateFile {
  if (text.trim() === '') return problem('empty');
  if (text.length > MAX_OCTETS) return problem('tooLarge');
  if (/PRIVATE KEY/i.test(text)) return problem('privateKey');
  const blocks = text.match(
    /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g,
  );
  if (blocks?.[0] !== undefined) return { ok: true, pem: `${blocks[0]}\n`, count: blocks.length };
  if (/CERTIFICATE REQUEST-----/.test(text)) return problem('request');
  if (/-----BEGIN (?:PKCS7|CMS)-----/.test(text)) return problem('bundle');
  const base64 = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]{64,}={0,2}$/.test(base64) ? ofBase64(base64) : problem('noCertificate');
}

function ofBase64(base64: string): CertificateFile {
  try {
    return ofDer(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return problem('noCertificate');
  }
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;

/** What stands first in the outer SEQUENCE tells the formats apart; the server reads the rest. */
function ofDer(der: Uint8Array): CertificateFile {
  const inner = startOfContent(der, 0);
  switch (der[inner]) {
    case SEQUENCE:
      return isRequest(der, startOfContent(der, inner)) ? problem('request') : { ok: true, pem: pemOf(der), count: 1 };
    case INTEGER:
      // PKCS #12 has version 3; private keys have 0 or 1.
      return problem(der[inner + 2] === 3 ? 'keyStore' : 'privateKey');
    case OBJECT_IDENTIFIER:
      return problem('bundle');
    default:
      return problem('noCertificate');
  }
}

/** A request begins with version 0 and its subject; a certificate with [0], or with a serial number and an algorithm. */
function isRequest(der: Uint8Array, at: number): boolean {
  const isVersion = der[at] === INTEGER && der[at + 1] === 1 && der[at + 2] === 0;
  return isVersion && der[startOfContent(der, at + 3)] !== OBJECT_IDENTIFIER;
}

function startOfContent(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

function pemOf(der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (octet) => String.fromCharCode(octet)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function problem(kind: FileProblem): CertificateFile {
  return { ok: false, problem: kind };
}
