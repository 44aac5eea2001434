import { parseInstant } from '../../common/instant.js';
import { certificateList, certificatePem } from '../../http/certificate-members.js';
import { externalId, type MemberReader, oneOf, readAs } from '../../http/members.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { type Purpose, PURPOSES } from './explanation.rules.js';

/** A path has no more intermediates (contract 12.2). */
export const MAX_CHAIN = 8;

const readInstant: MemberReader<Date> = (text) => {
  const value = parseInstant(text);
  return value === undefined
    ? { ok: false, message: 'at must be a date and time such as 2026-01-31T00:00:00Z.' }
    : { ok: true, value };
};

/** E3 (contract 14.1). */
export class ExplainOwnCertificateDto {
  @certificatePem({ required: true })
  certificate!: DerCertificate;

  @certificateList(0, MAX_CHAIN, {
    description: 'With purpose `login`: PEM blocks of intermediates that the client presents. Otherwise ignored.',
  })
  chain?: readonly DerCertificate[];

  @externalId({
    description: "With purpose `upload`: a CertificatePolicy of the client; if absent, the client's default.",
    example: 'strict',
  })
  policyExtId?: string;

  @readAs(
    readInstant,
    { type: 'string', format: 'date-time' },
    {
      description: 'Evaluate as at this instant, by the policy and the set as they are now; if absent, now.',
      example: '2026-12-31T23:59:59Z',
    },
  )
  at?: Date;

  @oneOf(PURPOSES, { description: 'What is explained; if absent, an upload.', example: 'upload' })
  purpose?: Purpose;
}

/** E1. */
export class ExplainCertificateDto extends ExplainOwnCertificateDto {
  @externalId({
    description: 'The user for whom it would be registered. If absent: the one who has registered it.',
    example: 'user-123',
  })
  userExtId?: string;
}
