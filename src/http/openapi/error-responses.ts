import type { ErrorCode } from '../../common/errors.js';
import { ERROR_STATUS } from '../error-status.js';
import { X_TOKEN_EXAMPLE } from './error-examples.js';
import { ERROR_CODES } from './operation.decorators.js';

/** The members of an OpenAPI operation that are used here. */
export interface Operation {
  description?: string;
  parameters?: readonly { readonly in?: string; readonly name?: string }[];
  readonly requestBody?: unknown;
  readonly security?: readonly unknown[];
  readonly responses: Record<string, unknown>;
  readonly 'x-permissions'?: readonly string[];
  readonly 'x-self-admin'?: string;
  readonly 'x-error-codes'?: readonly ErrorCode[];
}

export const ERROR_CODE_NAMES = Object.keys(ERROR_STATUS);

/** Contract 7.1. */
export const ERROR_SCHEMAS = {
  Errors: {
    type: 'object',
    required: ['errors'],
    properties: { errors: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/ErrorDetail' } } },
  },
  ErrorDetail: {
    type: 'object',
    required: ['code', 'message', 'requestId'],
    properties: {
      code: { type: 'string', enum: ERROR_CODE_NAMES },
      message: { type: 'string' },
      requestId: { type: 'string' },
      field: { type: 'string', description: 'The member, parameter or header that the error refers to.' },
      index: { type: 'integer', description: 'The position in a batch, or of a certificate in its member, from 0.' },
      rule: { type: 'string', description: 'The rule of the policy that failed.' },
      parameter: { type: 'string', description: 'The policy parameter that sets the rule.' },
      expected: { type: 'string' },
      found: { type: 'string' },
      remedy: { type: 'string', description: 'What to do to meet the rule.' },
      path: { $ref: '#/components/schemas/PathOutcomeResource' },
      evidence: { type: 'array', items: { $ref: '#/components/schemas/CertificateEvidenceResource' } },
      currentVersion: { type: 'integer' },
      changedBy: { type: 'string' },
      changedAt: { type: 'string', format: 'date-time' },
    },
  },
} as const;

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait before another attempt.', schema: { type: 'integer' } },
};

/** The headers that `errorAnswer` sets. */
const HEADERS: Readonly<Record<number, object>> = {
  401: {
    'WWW-Authenticate': {
      description:
        'If only the X-Token is missing or no longer valid: `Bearer error="insufficient_user_authentication"` (RFC 9470), and `field` is `X-Token`.',
      schema: { type: 'string', example: 'Bearer realm="certkeep"' },
    },
  },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** Adds every error status of the operation, each with its codes and one example per code. */
export function addErrorResponses(method: string, operation: Operation): void {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(method, operation)) {
    const status = ERROR_STATUS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, codes] of byStatus) {
    operation.responses[String(status)] = {
      description: codes.join(', '),
      ...(status in HEADERS ? { headers: HEADERS[status] } : {}),
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Errors' },
          examples: Object.fromEntries(
            examplesOf(codes, operation).map((name) => [name, { $ref: `#/components/examples/${name}` }]),
          ),
        },
      },
    };
  }
}

function examplesOf(codes: readonly ErrorCode[], operation: Operation): readonly string[] {
  const takesXToken = operation['x-self-admin'] === 'allowed' || operation['x-self-admin'] === 'withXToken';
  return takesXToken && codes.includes('errors.unauthenticated') ? [...codes, X_TOKEN_EXAMPLE] : codes;
}

/** A resource that is returned without an ETag has no version to base a change on. */
function hasUnversionedResponse({ responses }: Operation): boolean {
  const success = responses['200'] as { readonly headers?: Readonly<Record<string, unknown>> } | undefined;
  return success !== undefined && success.headers?.['ETag'] === undefined;
}

function codesOf(method: string, operation: Operation): ReadonlySet<ErrorCode> {
  const codes = new Set<ErrorCode>(['errors.malformedRequest']);
  const add = (...more: readonly ErrorCode[]): void => more.forEach((code) => codes.add(code));
  const inputs = operation.parameters ?? [];
  if (operation.security !== undefined)
    add('errors.unauthenticated', 'errors.permissionDenied', 'errors.dataroomDenied');
  if (inputs.some((parameter) => parameter.in === 'path')) add('errors.noRecord');
  // Every route rejects unknown query parameters.
  if (operation.security !== undefined) add('errors.invalidData');
  if (operation.requestBody !== undefined) {
    add('errors.payloadTooLarge', 'errors.unsupportedMediaType');
  }
  if (method === 'patch' || (method === 'delete' && !hasUnversionedResponse(operation))) {
    add('errors.preconditionFailed', 'errors.preconditionRequired');
  }
  if (method === 'patch') add('errors.optimisticLockingFailure');
  add(...(operation[ERROR_CODES] ?? []), 'errors.fatalError', 'errors.unavailable');
  return codes;
}
