import type { TrustAnchorSetResource, TrustedCertificateResource } from '../../api/generated/types.gen.js';
import { readCertificateFile } from '../upload/certificate-file.rules.js';

/** One certificate of a set that is being edited. */
export interface Block {
  readonly pem: string;
  /** What the server has said of it; absent until it is stored. */
  readonly stored?: TrustedCertificateResource;
  /** Where it came from. */
  readonly file?: string;
}

export interface Blocks {
  readonly anchors: readonly Block[];
  readonly intermediates: readonly Block[];
}

export const ROLES = ['anchors', 'intermediates'] as const;
export type Role = (typeof ROLES)[number];

const BEGIN = '-----BEGIN ';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** The certificates of a text with PEM blocks, and whether it has blocks of another kind. */
function certificatesIn(text: string): { readonly pems: readonly string[]; readonly hasOthers: boolean } {
  const pems: string[] = [];
  let hasOthers = false;
  for (let begin = text.indexOf(BEGIN); begin >= 0;) {
    const end = text.indexOf(END, begin);
    const isCertificate = text.startsWith(CERTIFICATE, begin) && end >= 0;
    if (isCertificate) pems.push(text.slice(begin, end + END.length));
    else hasOthers = true;
    begin = text.indexOf(BEGIN, isCertificate ? end : begin + BEGIN.length);
  }
  return { pems, hasOthers };
}

/** The certificates of a file in PEM or DER. */
export async function blocksOf(
  file: File,
): Promise<{ readonly blocks: readonly Block[]; readonly hasOthers: boolean }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const found = text.includes(BEGIN) ? certificatesIn(text) : { pems: certificateOf(bytes), hasOthers: false };
  return { blocks: found.pems.map((pem) => ({ pem, file: file.name })), hasOthers: found.hasOthers };
}

/** A certificate in DER; nothing of a file of another kind, such as PKCS#12: what is found is sent to be decoded. */
function certificateOf(bytes: Uint8Array): readonly string[] {
  const file = readCertificateFile(bytes);
  return file.fault === undefined ? file.certificates : [];
}

export function textOf(blocks: readonly Block[]): string {
  return blocks.map(({ pem }) => `${pem.trim()}\n`).join('');
}

/** Two blocks are of the same certificate if their base64 is the same. */
export function contentOf({ pem }: Block): string {
  return pem.replaceAll(/\s/g, '');
}

export function blocksOfSet({ anchors, intermediates = '', certificates }: TrustAnchorSetResource): Blocks {
  const stored = [...certificates];
  const take = (text: string): Block[] =>
    certificatesIn(text).pems.map((pem) => {
      const certificate = stored.shift();
      return certificate === undefined ? { pem } : { pem, stored: certificate };
    });
  return { anchors: take(anchors), intermediates: take(intermediates) };
}
