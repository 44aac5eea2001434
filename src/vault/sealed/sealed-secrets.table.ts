import { bigint, bytes, identifier, instant, integer, nullable } from '../../database/column.js';
import { table } from '../../database/table.js';

/** One version of a secret. There are no foreign keys, because only the vault removes secrets, never a cascade. */
export const SEALED_SECRETS = table(
  'sealed_secrets',
  {
    clientExtId: identifier(),
    /** Up to 2^53 − 1. */
    keyStoreId: bigint(),
    version: integer(),
    /** The id of the key-encryption key that wraps the data key. */
    keyId: nullable(identifier()),
    /** Nonce, encrypted data key and tag. */
    wrappedKey: nullable(bytes()),
    nonce: nullable(bytes()),
    /** Includes the tag at the end. */
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
