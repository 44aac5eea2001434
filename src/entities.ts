import { AUDIT_EVENTS } from './audit/audit-event.table.js';
import { CLIENTS } from './clients/client.table.js';
import { Credential } from './credentials/credential.entity.js';
import { entityOf } from './database/entity.js';
import { KEY_STORES } from './keystores/key-store.table.js';
import { Password } from './passwords/password.entity.js';
import { POLICIES } from './policies/policy.table.js';
import { USERS } from './users/user.table.js';
import { SEALED_SECRETS } from './vault/sealed/sealed-secrets.table.js';

/** All tables as TypeORM knows them; `npm run check` compares them with the migrations. */
export const ENTITIES = [
  entityOf(CLIENTS),
  entityOf(USERS),
  entityOf(POLICIES),
  Credential,
  Password,
  entityOf(AUDIT_EVENTS),
  entityOf(SEALED_SECRETS),
  entityOf(KEY_STORES),
];
