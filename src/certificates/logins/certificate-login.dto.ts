import { certificateList, certificatePem } from '../../http/certificate-members.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { MAX_CHAIN } from '../explanation/explain.dto.js';

/** L10 (contract 15.1). */
export class CertificateLoginDto {
  @certificatePem({
    required: true,
    description: 'One PEM block. The caller has checked that the client has the private key.',
  })
  certificate!: DerCertificate;

  @certificateList(0, MAX_CHAIN, {
    description: 'PEM blocks of intermediates that the client has sent. They complete the path to an anchor.',
  })
  chain?: readonly DerCertificate[];
}
