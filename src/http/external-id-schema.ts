/** The OpenAPI schema of what `common/external-id.ts` accepts. */
export const EXTERNAL_ID_SCHEMA = {
  type: 'string',
  minLength: 1,
  maxLength: 50,
  pattern: '^[A-Za-z0-9\\-@./_:(){}\\[\\]=!~+]{1,50}$',
} as const;
