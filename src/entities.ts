import { TrailEntry } from './audit/trail.entity.js';
import { CLIENTS } from './clients/client.table.js';
import { CREDENTIALS } from './credentials/credential.table.js';
import { entityOf } from './database/entity.js';
import { KeyStore } from './keystores/key-store.entity.js';
import { PASSWORDS } from './passwords/password.table.js';
import { POLICIES } from './policies/policy.table.js';
import { User } from './users/user.entity.js';
import { SealedSecret } from './vault/sealed/sealed-secret.entity.js';

/** All tables as TypeORM knows them; `npm run check` compares them with the migrations. */
export const ENTITIES = [
  entityOf(CLIENTS),
  User,
  entityOf(POLICIES),
  entityOf(CREDENTIALS),
  entityOf(PASSWORDS),
  TrailEntry,
  SealedSecret,
  KeyStore,
];
