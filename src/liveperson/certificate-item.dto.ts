import { member, type MemberOptions, text } from '../http/members.js';
import { ApiProperty } from '../http/openapi/swagger.js';
import { readCertificateId } from './certificate-id.rules.js';

const NAME_LENGTH = 100;
const PASSWORD_LENGTH = 1_000;

function filePassword(options: MemberOptions): PropertyDecorator {
  return text(0, PASSWORD_LENGTH, { description: 'Absent if the file has no password.', example: 'paw1', ...options });
}

/** Clients send back whole certificates; members that they cannot set are accepted and ignored. */
function echoed(type: 'string' | 'boolean'): PropertyDecorator {
  const options = { nullable: true, description: 'Accepted and ignored.' };
  return member({ name: 'echoed', test: () => true, message: '', schema: { type } }, options);
}

function certificateId(options: MemberOptions = {}): PropertyDecorator {
  return member(
    {
      name: 'certificateId',
      test: (value) => readCertificateId(value) !== undefined,
      message: 'must be a whole number from 1 to 9007199254740991, or its digits as text',
      schema: {
        oneOf: [
          { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
          { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
        ],
      },
    },
    { example: 2_628_739_923, ...options },
  );
}

/** The part `certificate` of a multipart body, without `id`. */
export class CertificateItemDto {
  @text(1, NAME_LENGTH, { required: true, description: 'Unique in the account.', example: 'myCert1' })
  readonly name!: string;

  @text(1, NAME_LENGTH, { nullable: true, description: 'The same as the name if not set; null removes it.' })
  readonly displayName?: string | null;

  @filePassword({ nullable: true })
  readonly password?: string | null;

  @echoed('string')
  readonly siteId?: unknown;

  @echoed('string')
  readonly status?: unknown;

  @echoed('boolean')
  readonly deleted?: unknown;

  @echoed('string')
  readonly expirationDate?: unknown;

  @echoed('boolean')
  readonly secretDestroyed?: unknown;

  @echoed('string')
  readonly secretDestructionDate?: unknown;
}

/** L9: the same passwords are allowed as for a stored file. */
export class TestedFileDto {
  @filePassword({})
  readonly password?: string;
}

export class ReplacedItemDto extends CertificateItemDto {
  @certificateId({ required: true })
  readonly id!: number | string;
}

/** The id is in the path. */
export class OneReplacedItemDto extends CertificateItemDto {
  @certificateId()
  readonly id?: number | string;
}

/** Only for the OpenAPI document: an array of 262,144 bytes is read separately from the members that are validated. */
export const P12_SCHEMA = {
  description: 'The file, as an array of byte values or base64.',
  oneOf: [
    { type: 'array', items: { type: 'integer', minimum: 0, maximum: 255 } },
    { type: 'string', format: 'byte' },
  ],
  example: [98, 121, 116, 101, 115],
};

function p12(): PropertyDecorator {
  return ApiProperty(P12_SCHEMA);
}

export class SentCertificate extends CertificateItemDto {
  @p12()
  readonly p12!: unknown;
}

export class SentReplacedCertificate extends ReplacedItemDto {
  @p12()
  readonly p12!: unknown;
}

export class SentOneReplacedCertificate extends OneReplacedItemDto {
  @p12()
  readonly p12!: unknown;
}
