import { AUDIT_EVENTS } from './audit/audit-event.table.js';
import { JOB_ROWS, JOBS } from './bulk/job.table.js';
import { LOGIN_REFUSALS } from './certificates/logins/login-refusal.table.js';
import { CLIENTS } from './clients/client.table.js';
import { CREDENTIALS } from './credentials/credential.table.js';
import { entityOf } from './database/entity.js';
import { CERTIFICATE_DENIALS, DENIAL_FEEDS } from './denials/certificate-denial.table.js';
import { KEY_STORES } from './keystores/key-store.table.js';
import { PASSWORDS } from './passwords/password.table.js';
import { POLICIES } from './policies/policy.table.js';
import { REVOCATION_ANSWERS } from './trust/revocation/revocation-answer.table.js';
import { REVOCATION_CHANGES } from './trust/revocation/revocation-change.table.js';
import { TRUST_SET_CRLS } from './trust/revocation/trust-set-crl.table.js';
import { TRUST_SETS } from './trust/trust-set.table.js';
import { USERS } from './users/user.table.js';
import { SEALED_SECRETS } from './vault/sealed/sealed-secrets.table.js';

/** All tables as TypeORM entities, for tests and TypeORM's command line; no server needs them. */
export const ENTITIES = [
  entityOf(CLIENTS),
  entityOf(USERS),
  entityOf(TRUST_SETS),
  entityOf(POLICIES),
  entityOf(CREDENTIALS),
  entityOf(PASSWORDS),
  entityOf(AUDIT_EVENTS),
  entityOf(SEALED_SECRETS),
  entityOf(KEY_STORES),
  entityOf(TRUST_SET_CRLS),
  entityOf(REVOCATION_ANSWERS),
  entityOf(REVOCATION_CHANGES),
  entityOf(LOGIN_REFUSALS),
  entityOf(CERTIFICATE_DENIALS),
  entityOf(DENIAL_FEEDS),
  entityOf(JOBS),
  entityOf(JOB_ROWS),
];
