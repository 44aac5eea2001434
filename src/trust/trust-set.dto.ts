import { certificateList } from '../http/certificate-members.js';
import { externalId, text, version } from '../http/members.js';
import type { DerCertificate } from '../x509/certificate/der-certificate.js';

/** G2 (contract 11.1). */
export class CreateTrustSetDto {
  @text(1, 100, { required: true, description: 'Unique in the client.', example: 'Acme' })
  name!: string;

  @text(0, 1000, { description: 'The purpose of the set.' })
  description?: string;

  @certificateList(1, 100, { required: true })
  anchors!: readonly DerCertificate[];

  @certificateList(0, 200)
  intermediates?: readonly DerCertificate[];

  @externalId({ description: 'Generated if absent.', example: 'corporate' })
  extId?: string;
}

/** G4: a member that is not sent stays unchanged (contract 3.1, 11.3). */
export class UpdateTrustSetDto {
  @text(1, 100, { description: 'Unique in the client.', example: 'Acme' })
  name?: string;

  @text(0, 1000, { nullable: true, description: 'null clears it.' })
  description?: string | null;

  @certificateList(1, 100)
  anchors?: readonly DerCertificate[];

  @certificateList(0, 200, { nullable: true })
  intermediates?: readonly DerCertificate[] | null;

  @version()
  version?: number;
}
