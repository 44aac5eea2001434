import type {
  AssignableCredentialState,
  CertificateResource,
  UpdateCertificateDto,
} from '../../api/generated/types.gen.js';

/** The members of a credential that a replacement changes. */
export const CREDENTIAL_MEMBERS = ['certificate', 'stateName', 'modificationComment'] as const;

export type CredentialChange = Readonly<Record<(typeof CREDENTIAL_MEMBERS)[number], string>>;

export function changeOf({ certificate, stateName, modificationComment = '' }: CertificateResource): CredentialChange {
  return { certificate, stateName, modificationComment };
}

/** The body of a change: what differs. */
export function changeBodyOf(before: CredentialChange, after: CredentialChange): UpdateCertificateDto {
  const comment = after.modificationComment;
  return {
    ...(before.certificate === after.certificate ? {} : { certificate: after.certificate }),
    ...(before.stateName === after.stateName ? {} : { stateName: after.stateName as AssignableCredentialState }),
    ...(before.modificationComment === comment ? {} : { modificationComment: comment === '' ? null : comment }),
  };
}

/** Whether a state is offered as another one than the present one. */
export function isAssignable(stateName: string, wanted: AssignableCredentialState): boolean {
  return stateName !== wanted && stateName !== 'archived';
}
