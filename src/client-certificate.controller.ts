import { TLSSocket } from 'node:tls';

import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AccessWithoutClient } from './auth/access.decorator.js';
import { CERTIFICATE_HEADER_FORMS, type CertificateHeaderForm } from './common/certificate-header-form.js';
import { plainAddress } from './config/networks.js';
import { type Settings, SETTINGS } from './config/settings.js';
import { CERTIFICATE_HEADERS } from './http/client-certificate/certificate-headers.js';
import { type ClientCertificate, ClientCertificates } from './http/client-certificate/client-certificates.js';
import { hasCertificateHeader } from './http/client-certificate/forwarded-certificate.js';
import { Answers, Summary } from './http/openapi/operation.decorators.js';
import { ApiProperty, ApiTags } from './http/openapi/swagger.js';
import { formatName } from './x509/name/format-name.js';

export const CLIENT_CERTIFICATE_OUTCOMES = ['none', 'refused', 'presented'] as const;

class PresentedCertificateResource {
  @ApiProperty({ type: String, nullable: true, description: 'Null if it cannot be read.', example: 'CN=Jane Doe' })
  readonly subject!: string | null;

  @ApiProperty({ description: 'The SHA-256 of its DER, in hexadecimal.', example: 'a3f1'.repeat(16) })
  readonly sha256!: string;
}

class ClientCertificateResource {
  @ApiProperty({
    enum: CLIENT_CERTIFICATE_OUTCOMES,
    description: '`refused` is a 400 on the login routes.',
    example: 'presented',
  })
  readonly outcome!: (typeof CLIENT_CERTIFICATE_OUTCOMES)[number];

  @ApiProperty({ description: 'Why.', example: 'The peer is in TRUSTED_PROXIES.' })
  readonly message!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The other end of the connection.', example: '192.0.2.7' })
  readonly peer!: string | null;

  @ApiProperty({ description: 'Whether the peer is in TRUSTED_PROXIES.', example: true })
  readonly isTrustedProxy!: boolean;

  @ApiProperty({ description: 'Whether the request came to the TLS listener of certkeep.', example: false })
  readonly isTls!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The header that certkeep reads; null without CLIENT_CERT_HEADER.',
    example: 'Client-Cert',
  })
  readonly header!: string | null;

  @ApiProperty({ description: 'Whether it was sent.', example: true })
  readonly isHeaderSent!: boolean;

  @ApiProperty({
    type: [String],
    description: 'Headers of other forms that were sent, and are ignored.',
    example: ['X-SSL-Client-Cert'],
  })
  readonly ignoredHeaders!: readonly string[];

  @ApiProperty({ type: PresentedCertificateResource, nullable: true })
  readonly certificate!: PresentedCertificateResource | null;

  @ApiProperty({ description: 'How many other certificates the client has sent.', example: 1 })
  readonly chainLength!: number;
}

/** Says which client certificate this request presents, for those who set up a proxy (contract 15.1). */
@ApiTags('principal')
@Controller('api/client-certificate')
export class ClientCertificateController {
  private readonly form: CertificateHeaderForm | undefined;

  constructor(
    @Inject(SETTINGS) { clientCertHeader }: Settings,
    private readonly certificates: ClientCertificates,
  ) {
    this.form = clientCertHeader;
  }

  @Summary(
    'Show the client certificate of this request',
    'What has arrived, by which way, and why it is believed or not. For setting up a proxy or the TLS listener.',
    'Nothing is checked but the form: the certificate may be expired, and nobody may have it.',
  )
  @AccessWithoutClient('CertificateLogin')
  @Answers(ClientCertificateResource, { versioned: false })
  @Get()
  getClientCertificate(@Req() request: Request): ClientCertificateResource {
    const { socket, headersDistinct } = request;
    const found = this.certificates.of(request);
    const isTrustedProxy = this.certificates.isTrusted(socket.remoteAddress);
    const isTls = socket instanceof TLSSocket;
    const presented = found.kind === 'presented' ? found : undefined;
    const subject = presented?.certificate.subject;
    return {
      outcome: found.kind,
      message: this.messageOf(found, isTrustedProxy, isTls),
      peer: plainAddress(socket.remoteAddress) ?? null,
      isTrustedProxy,
      isTls,
      header: this.form === undefined ? null : CERTIFICATE_HEADERS[this.form].name,
      isHeaderSent: hasCertificateHeader(headersDistinct, this.form),
      ignoredHeaders: CERTIFICATE_HEADER_FORMS.filter(
        (form) => form !== this.form && hasCertificateHeader(headersDistinct, form),
      ).map((form) => CERTIFICATE_HEADERS[form].name),
      certificate:
        presented === undefined
          ? null
          : {
              subject: subject === undefined ? null : formatName(subject),
              sha256: presented.certificate.sha256.toString('hex'),
            },
      chainLength: presented?.chain.length ?? 0,
    };
  }

  private messageOf(found: ClientCertificate, isTrustedProxy: boolean, isTls: boolean): string {
    if (found.kind === 'refused') return found.error.message;
    if (found.kind === 'presented') {
      return found.source === 'tls'
        ? 'The client has proved in the TLS handshake that it has the private key.'
        : 'The peer is in TRUSTED_PROXIES, and the form of the header is right.';
    }
    if (isTls) return 'The client has sent no certificate in the TLS handshake.';
    if (this.form === undefined) return 'CLIENT_CERT_HEADER is not set, so that no header is read.';
    return isTrustedProxy
      ? `The proxy has sent no certificate in ${CERTIFICATE_HEADERS[this.form].name}.`
      : 'The peer is not in TRUSTED_PROXIES, and has sent no certificate.';
  }
}
