import type { CreateCertificateDto } from '../../certificates/certificate.dto.js';
import { collectErrors, type ErrorDetail } from '../../common/errors.js';
import { STATE_NAMES, type StateName } from '../../credentials/credential-state.rules.js';
import { bind } from '../../http/bind.js';
import { certificatePem } from '../../http/certificate-members.js';
import { externalId, flag, oneOf } from '../../http/members.js';
import { type CreateUserDto, UserMembersDto } from '../../users/user.dto.js';
import type { LineMembers } from './import-columns.js';

/** A user as U1 takes it, and a certificate as X2 does. */
export class ImportLineDto extends UserMembersDto {
  @externalId({ required: true, description: 'The user.', example: 'user-123' })
  userExtId!: string;

  @flag({ description: 'Whether the user is an application. Only for a new user.' })
  isTechnicalUser?: boolean;

  @certificatePem()
  certificate?: CreateCertificateDto['certificate'];

  @externalId({ description: 'If absent, the certificate is found by its fingerprint.', example: 'cert-123' })
  certificateExtId?: string;

  @externalId({ description: "A CertificatePolicy of the client. If absent: the client's default.", example: 'strict' })
  policyExtId?: string;

  @oneOf(STATE_NAMES, { description: 'The state of the certificate credential.', example: 'active' })
  stateName?: StateName;
}

/** What a line says of a certificate. */
export interface ImportedCertificate {
  readonly certificate: CreateCertificateDto['certificate'] | undefined;
  readonly extId: string | undefined;
  readonly policyExtId: string | undefined;
  readonly stateName: StateName | undefined;
}

export interface ImportLine {
  readonly userExtId: string;
  /** Undefined if the line has no members of the user. */
  readonly user: Omit<CreateUserDto, 'extId'> | undefined;
  /** Undefined if it has none of a certificate. */
  readonly certificate: ImportedCertificate | undefined;
}

type Bound =
  | { readonly ok: true; readonly line: ImportLine }
  | { readonly ok: false; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] };

/** All errors of a line at once. */
export function bindLine(members: LineMembers): Bound {
  const errors: ErrorDetail[] = [];
  const bound = collectErrors(errors, () => bind(ImportLineDto, withoutAbsent(members)));
  const [first, ...rest] = errors;
  if (first !== undefined) return { ok: false, errors: [first, ...rest] };
  const { userExtId, certificate, certificateExtId: extId, policyExtId, stateName, ...user } = bound as ImportLineDto;
  const imported = { certificate, extId, policyExtId, stateName };
  const hasCertificate = Object.values(imported).some((value) => value !== undefined);
  if (hasCertificate && certificate === undefined && extId === undefined) {
    const message = 'certificate or certificateExtId must say which certificate the line is about.';
    return { ok: false, errors: [{ code: 'errors.invalidData', message, field: 'certificate' }] };
  }
  return {
    ok: true,
    line: {
      userExtId,
      user: Object.keys(user).length === 0 ? undefined : user,
      certificate: hasCertificate ? imported : undefined,
    },
  };
}

/** A line without a certificate may say so by null. */
function withoutAbsent(members: LineMembers): Record<string, unknown> {
  const absent = ['certificate', 'certificateExtId', 'policyExtId', 'stateName'];
  return Object.fromEntries(
    Object.entries(members).filter(([name, value]) => value !== null || !absent.includes(name)),
  );
}
