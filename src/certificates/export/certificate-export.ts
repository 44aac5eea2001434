import { ValidityResource } from '../../credentials/credential-resource.js';
import { ApiProperty, PickType } from '../../http/openapi/swagger.js';
import { CertificateResource } from '../certificate-resource.js';

/** The members that have the same name in a line as in the resource. */
const SAME = [
  'userExtId',
  'policyExtId',
  'stateName',
  'certificate',
  'stateChangeReason',
  'subjectDN',
  'issuerDN',
  'serial',
  'fingerprint',
  'lastSuccessfulLoginDate',
  'created',
  'lastModified',
  'version',
] as const;

/** A certificate as a line that an import takes, with members that only the server sets. */
export class ExportedCertificateResource extends PickType(CertificateResource, SAME) {
  @ApiProperty({ example: 'cert-123' })
  readonly certificateExtId!: string;

  @ApiProperty({ type: ValidityResource })
  readonly certificateValidity!: ValidityResource;
}

export function exportedCertificate(resource: CertificateResource): ExportedCertificateResource {
  const { userExtId, extId: certificateExtId, policyExtId, stateName, certificate, validity, ...others } = resource;
  const { stateChangeReason, subjectDN, issuerDN, serial, fingerprint } = others;
  const { lastSuccessfulLoginDate, created, lastModified, version } = others;
  return {
    userExtId,
    certificateExtId,
    policyExtId,
    stateName,
    certificate,
    stateChangeReason,
    subjectDN,
    issuerDN,
    serial,
    fingerprint,
    certificateValidity: validity,
    lastSuccessfulLoginDate,
    created,
    lastModified,
    version,
  };
}
