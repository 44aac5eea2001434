import { TrailEntry } from './audit/trail.entity.js';
import { CLIENTS } from './clients/client.table.js';
import { Credential } from './credentials/credential.entity.js';
import { entityOf } from './database/entity.js';
import { KeyStore } from './keystores/key-store.entity.js';
import { Password } from './passwords/password.entity.js';
import { POLICIES } from './policies/policy.table.js';
import { USERS } from './users/user.table.js';
import { SealedSecret } from './vault/sealed/sealed-secret.entity.js';

/** All tables as TypeORM knows them; `npm run check` compares them with the migrations. */
export const ENTITIES = [
  entityOf(CLIENTS),
  entityOf(USERS),
  entityOf(POLICIES),
  Credential,
  Password,
  TrailEntry,
  SealedSecret,
  KeyStore,
];
