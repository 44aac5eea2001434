/** Why nothing of a file is sent. */
export type FileFault = 'empty' | 'tooLarge' | 'onlyPrivateKey' | 'pkcs12' | 'pkcs7' | 'csr' | 'noCertificate';

export type CertificateFile =
  | { readonly fault: FileFault }
  | {
      readonly fault?: undefined;
      /** PEM, one block each, lines of 64 characters, as the server shows them. */
      readonly certificates: readonly string[];
      /** A private key was beside them; it stays in the browser. */
      readonly hadPrivateKey: boolean;
    };

/** The server takes no longer text (contract 2.9). A file may have a chain and a key beside the certificate. */
export const MAX_FILE_BYTES = 1_048_576;

const CERTIFICATE_BLOCK =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]*)-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The certificates of a PEM, CRT or DER file. */
export function readCertificateFile(bytes: Uint8Array): CertificateFile {
  if (bytes.length === 0) return { fault: 'empty' };
  if (bytes.length > MAX_FILE_BYTES) return { fault: 'tooLarge' };
  if (bytes[0] === SEQUENCE) {
    const fault = faultOfDer(bytes);
    if (fault === undefined) return { certificates: [pemOf(base64Of(bytes))], hadPrivateKey: false };
    // A text may begin with "0" as well.
    if (fault !== 'noCertificate') return { fault };
  }
  return readCertificateText(decoderOf(bytes).decode(bytes));
}

/** The certificates of a pasted text: PEM blocks, or the base64 of one DER. */
export function readCertificateText(text: string): CertificateFile {
  if (text.trim() === '') return { fault: 'empty' };
  const hadPrivateKey = PRIVATE_KEY.test(text);
  const blocks = [...text.matchAll(CERTIFICATE_BLOCK)].map(([, content = '']) => content.replaceAll(/\s/g, ''));
  const certificates = [...new Set(blocks.filter((base64) => BASE64.test(base64)))].map(pemOf);
  if (certificates.length > 0) return { certificates, hadPrivateKey };
  if (hadPrivateKey) return { fault: 'onlyPrivateKey' };
  if (text.includes('-----BEGIN PKCS7-----')) return { fault: 'pkcs7' };
  if (/-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/.test(text)) return { fault: 'csr' };
  const bare = text.replaceAll(/\s/g, '');
  if (!BASE64.test(bare) || bare.length % 4 === 1) return { fault: 'noCertificate' };
  const der = Uint8Array.from(atob(bare), (character) => character.charCodeAt(0));
  const fault = faultOfDer(der);
  return fault === undefined ? { certificates: [pemOf(base64Of(der))], hadPrivateKey: false } : { fault };
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;

/** What else than a certificate a DER is, as far as its first two elements show. */
function faultOfDer(der: Uint8Array): FileFault | undefined {
  if (der[0] !== SEQUENCE) return 'noCertificate';
  const first = contentStart(der, 0);
  switch (der[first]) {
    case SEQUENCE:
      // A request begins with its version 0, a certificate with its version in [0] or with its serial number.
      return der[contentStart(der, first)] === INTEGER && der[contentStart(der, first) + 2] === 0 ? 'csr' : undefined;
    case INTEGER:
      return der[first + 2] === 3 ? 'pkcs12' : 'onlyPrivateKey';
    case OBJECT_IDENTIFIER:
      return 'pkcs7';
    default:
      return 'noCertificate';
  }
}

function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

function decoderOf(bytes: Uint8Array): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder();
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
