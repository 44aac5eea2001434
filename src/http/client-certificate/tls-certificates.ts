import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

import type { PresentedCertificate } from './presented-certificate.js';

/** What the client has sent in the handshake. Node takes the chain from the connection when it is first read. */
const received = new WeakMap<TLSSocket, PresentedCertificate>();

/** Keeps the certificates of a handshake that has just finished. */
export function keepCertificates(socket: TLSSocket): void {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return;
  const chain: Buffer[] = [];
  for (let next: X509Certificate | undefined = leaf.issuerCertificate; next !== undefined;) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  received.set(socket, { certificate: leaf.raw, chain });
}

/** Undefined if the client has sent none. */
export function certificatesOf(socket: TLSSocket): PresentedCertificate | undefined {
  return received.get(socket);
}
