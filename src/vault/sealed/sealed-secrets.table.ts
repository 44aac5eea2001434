import { bigint, bytes, identifier, instant, integer, nullable } from '../../database/column.js';
import { table } from '../../database/table.js';

/** One version of a secret. Without foreign keys: only the vault removes a secret, and nothing does it by cascade. */
export const SEALED_SECRETS = table(
  'sealed_secrets',
  {
    clientExtId: identifier(),
    /** Up to 2^53 − 1. */
    keyStoreId: bigint(),
    version: integer(),
    /** Of the key-encryption key that wraps the data key. */
    keyId: nullable(identifier()),
    /** Nonce, encrypted data key and tag. */
    wrappedKey: nullable(bytes()),
    nonce: nullable(bytes()),
    /** Ends with the tag. */
    ciphertext: nullable(bytes()),
    created: instant(),
    deletedAt: nullable(instant()),
    destroyedAt: nullable(instant()),
  },
  {
    primaryKey: { name: 'sealed_secrets_pk', columns: ['clientExtId', 'keyStoreId', 'version'] },
    checks: [
      {
        name: 'sealed_secrets_content_check',
        expression:
          'num_nonnulls(key_id, wrapped_key, nonce, ciphertext) = case when destroyed_at is null then 4 else 0 end',
      },
    ],
  },
);
