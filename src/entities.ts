import { TrailEntry } from './audit/trail.entity.js';
import { Client } from './clients/client.entity.js';
import { Credential } from './credentials/credential.entity.js';
import { KeyStore } from './keystores/key-store.entity.js';
import { Password } from './passwords/password.entity.js';
import { Policy } from './policies/policy.entity.js';
import { User } from './users/user.entity.js';
import { SealedSecret } from './vault/sealed/sealed-secret.entity.js';

/** All tables as TypeORM knows them; `npm run check` compares them with the migrations. */
export const ENTITIES = [Client, User, Policy, Credential, Password, TrailEntry, SealedSecret, KeyStore];
