import { applyDecorators } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';

import { isExternalId } from '../common/external-id.js';
import { INT32_MAX } from '../common/int32.js';
import { isLongerThan } from '../common/text-length.js';
import { ValidateBy, ValidateIf } from './class-validator.js';
import { EXTERNAL_ID_SCHEMA } from './openapi/schemas.js';
import { ApiProperty } from './openapi/swagger.js';

/**
 * One decorator per member declares what is valid, and adds the same to the OpenAPI document. A member that is not sent
 * is never validated; `required` says whether it must be sent, and `nullable` whether `null` clears it (contract 3.1,
 * 2.5).
 */
export interface MemberOptions {
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

interface Rule {
  /** The name of the rule in class-validator. */
  readonly name: string;
  readonly test: (value: unknown) => boolean;
  /** Continues a sentence that begins with the member's name. */
  readonly message: string;
  readonly schema: ApiPropertyOptions;
}

const READERS = Symbol('certkeep.readers');
const NESTED = Symbol('certkeep.nested');

/** Why the text of a member cannot be read; `index`: the position of the part that cannot, from 0. */
interface MemberFault {
  readonly message: string;
  readonly index?: number;
}

/** Converts the text of a member to a domain value, or returns why it cannot. */
export type MemberReader<Value> = (
  text: string,
) => { ok: true; value: Value } | ({ ok: false } & MemberFault) | { ok: false; faults: readonly MemberFault[] };

export function text(minimum: number, maximum: number, options: MemberOptions = {}): PropertyDecorator {
  return member(
    {
      name: 'text',
      test: (value) => typeof value === 'string' && value.length >= minimum && !isLongerThan(value, maximum),
      message: `must be a text of ${minimum === 0 ? 'at most' : `${minimum} to`} ${maximum} characters`,
      schema: { type: 'string', minLength: minimum, maxLength: maximum },
    },
    options,
  );
}

export function oneOf(values: readonly string[], options: MemberOptions = {}): PropertyDecorator {
  return member(
    {
      name: 'oneOf',
      test: (value) => typeof value === 'string' && values.includes(value),
      message: `must be one of ${values.join(', ')}`,
      schema: { type: 'string', enum: [...values] },
    },
    options,
  );
}

export function flag(options: MemberOptions = {}): PropertyDecorator {
  return member(
    {
      name: 'flag',
      test: (value) => typeof value === 'boolean',
      message: 'must be true or false',
      schema: { type: 'boolean' },
    },
    options,
  );
}

export function externalId(options: MemberOptions = {}): PropertyDecorator {
  return member(
    {
      name: 'externalId',
      test: (value) => typeof value === 'string' && isExternalId(value),
      message: 'must be 1 to 50 characters from letters, digits and - @ . / _ : ( ) { } [ ] = ! ~ +',
      schema: EXTERNAL_ID_SCHEMA,
    },
    options,
  );
}

/** The version for optimistic locking, an int32 (contract 3.2). A text or a fraction is 422, never 409. */
export function version(): PropertyDecorator {
  return member(
    {
      name: 'version',
      test: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= INT32_MAX,
      message: `must be a whole number from 0 to ${INT32_MAX}`,
      schema: { type: 'integer', format: 'int32', minimum: 0, maximum: INT32_MAX },
    },
    { description: 'The version that the change is based on. Any other than the current version is 409.', example: 3 },
  );
}

/** A member whose text is converted to a domain value before any other code uses it. */
export function readAs<Value>(
  reader: MemberReader<Value>,
  schema: ApiPropertyOptions,
  options: MemberOptions = {},
): PropertyDecorator {
  return applyDecorators(
    member({ name: 'readAs', test: (value) => typeof value === 'string', message: 'must be a text', schema }, options),
    (target: object, property: string | symbol) => {
      register(target, READERS, property, reader);
    },
  );
}

export function member(rule: Rule, options: MemberOptions): PropertyDecorator {
  const { required = false, nullable = false, ...documentation } = options;
  const sent = (_: object, value: unknown): boolean =>
    required || (value !== undefined && !(nullable && value === null));
  return applyDecorators(
    ValidateIf(sent),
    ValidateBy({ name: rule.name, validator: { validate: rule.test, defaultMessage: () => rule.message } }),
    ApiProperty({ ...rule.schema, ...documentation, required, nullable } as ApiPropertyOptions),
  );
}

function register(target: object, key: symbol, property: string | symbol, value: unknown): void {
  // Include those of the base class, so that a subclass with its own members keeps the inherited ones.
  const known = (Reflect.getMetadata(key, target) ?? {}) as Record<string | symbol, unknown>;
  Reflect.defineMetadata(key, { ...known, [property]: value }, target);
}

export function readersOf(prototype: object): Readonly<Record<string, MemberReader<unknown>>> {
  return (Reflect.getMetadata(READERS, prototype) ?? {}) as Record<string, MemberReader<unknown>>;
}

/** A member that is an object, validated by its own class. */
export function nested(type: () => new () => object, options: MemberOptions = {}): PropertyDecorator {
  const { required = false, nullable = false, ...documentation } = options;
  return applyDecorators(
    member(
      {
        name: 'nested',
        test: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        message: 'must be an object',
        // Swagger tells a function from a class by its name, and this assignment gives the function the name `type`.
        schema: { type: () => type() },
      },
      { required, nullable, ...documentation },
    ),
    (target: object, property: string | symbol) => {
      register(target, NESTED, property, type);
    },
  );
}

export function nestedOf(prototype: object): Readonly<Record<string, () => new () => object>> {
  return (Reflect.getMetadata(NESTED, prototype) ?? {}) as Record<string, () => new () => object>;
}
