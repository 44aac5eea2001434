import { TLSSocket } from 'node:tls';

import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import type { CertificateHeaderForm } from '../../common/certificate-header-form.js';
import { AppError } from '../../common/errors.js';
import { plainAddress } from '../../config/networks.js';
import { type Settings, SETTINGS } from '../../config/settings.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import { TrustedProxies } from '../client-address.js';
import { hasCertificateHeader, readForwardedCertificate } from './forwarded-certificate.js';
import { type HeaderReading, presented } from './presented-certificate.js';
import { certificatesOf } from './tls-certificates.js';

/** By which way a client certificate has come: the TLS listener of this server, or the header of a proxy. */
type CertificateSource = 'tls' | CertificateHeaderForm;

export type ClientCertificate =
  | { readonly kind: 'none' }
  /** The header or the certificate is not believed; `error` is a 400 for routes that need a client certificate. */
  | { readonly kind: 'refused'; readonly error: AppError }
  | {
      readonly kind: 'presented';
      readonly source: CertificateSource;
      readonly certificate: DerCertificate;
      /** The other certificates that the client has sent, in the order in which they were sent. */
      readonly chain: readonly DerCertificate[];
    };

/** The client certificate of a request, from its TLS connection or from a trusted proxy (contract 15.1). */
@Injectable()
export class ClientCertificates {
  private readonly proxies: TrustedProxies;
  private readonly form: CertificateHeaderForm | undefined;

  constructor(@Inject(SETTINGS) { trustedProxies, clientCertHeader }: Settings) {
    this.proxies = new TrustedProxies(trustedProxies);
    this.form = clientCertHeader;
  }

  /** Never throws: a request whose certificate is not believed is *refused* only where one is asked for. */
  of({ socket, headersDistinct }: Request): ClientCertificate {
    const received = socket instanceof TLSSocket ? certificatesOf(socket) : undefined;
    if (received !== undefined && hasCertificateHeader(headersDistinct, this.form)) {
      return refused('The request has a client certificate of its connection and one in a header.');
    }
    if (received !== undefined) return read(presented(received.certificate, received.chain), 'tls');
    if (this.form === undefined) return { kind: 'none' };
    const isTrusted = this.isTrusted(socket.remoteAddress);
    return read(readForwardedCertificate(headersDistinct, { form: this.form, isTrusted }), this.form);
  }

  /** Whether the peer of a connection is in `TRUSTED_PROXIES`; a forwarded address makes nobody trusted. */
  isTrusted(peer: string | undefined): boolean {
    return this.proxies.has(plainAddress(peer));
  }
}

function read(reading: HeaderReading, source: CertificateSource): ClientCertificate {
  if (reading.kind === 'none') return reading;
  if (reading.kind === 'malformed') return refused(reading.message);
  const [leaf, ...others] = [reading.certificate, ...reading.chain].map(readCertificate);
  if (leaf?.ok !== true) return refused(leaf?.message ?? '');
  const chain: DerCertificate[] = [];
  for (const other of others) {
    if (!other.ok) return refused(`A certificate that was sent with the client certificate: ${other.message}`);
    chain.push(other.certificate);
  }
  return { kind: 'presented', source, certificate: leaf.certificate, chain };
}

function refused(message: string): ClientCertificate {
  return { kind: 'refused', error: new AppError([{ code: 'errors.malformedRequest', message }]) };
}
