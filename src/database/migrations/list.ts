import { InitialSchema1700000000001 } from './1700000000001-initial-schema.js';
import { SealedSecrets1700000000002 } from './1700000000002-sealed-secrets.js';
import { KeyStores1700000000003 } from './1700000000003-key-stores.js';
import { FoldLoginIds1700000000004 } from './1700000000004-fold-login-ids.js';
import { UnfinishedDeletions1700000000006 } from './1700000000006-unfinished-deletions.js';
import { SchemaState1700000000007 } from './1700000000007-schema-state.js';
import { DestroyedSecrets1700000000020 } from './1700000000020-destroyed-secrets.js';
import { LimitsOfTenants1700000000023 } from './1700000000023-limits-of-tenants.js';
import { HeldBeneathPolicy1700000000028 } from './1700000000028-held-beneath-policy.js';
import { AuditEvents1700000000029 } from './1700000000029-audit-events.js';
import { AuditPartitions1700000000033 } from './1700000000033-audit-partitions.js';
import { Leases1700000000034 } from './1700000000034-leases.js';
import { TrustAnchorSets1700000000035 } from './1700000000035-trust-anchor-sets.js';
import { SearchColumns1700000000036 } from './1700000000036-search-columns.js';
import { RevocationEvidence1700000000037 } from './1700000000037-revocation-evidence.js';
import { RememberedRevocations1700000000038 } from './1700000000038-remembered-revocations.js';
import { CertificateSearches1700000000039 } from './1700000000039-certificate-searches.js';
import { UserSearch1700000000040 } from './1700000000040-user-search.js';
import { LoginRefusals1700000000041 } from './1700000000041-login-refusals.js';
import { CertificateDenials1700000000042 } from './1700000000042-certificate-denials.js';
import { Rollover1700000000043 } from './1700000000043-rollover.js';
import { Jobs1700000000044 } from './1700000000044-jobs.js';
import { TrigramsAcrossWords1700000000045 } from './1700000000045-trigrams-across-words.js';
import { UserTrigramsAcrossWords1700000000046 } from './1700000000046-user-trigrams-across-words.js';

/** In the order in which they run. A migration that has been released is never edited. */
export const MIGRATIONS = [
  InitialSchema1700000000001,
  SealedSecrets1700000000002,
  KeyStores1700000000003,
  FoldLoginIds1700000000004,
  UnfinishedDeletions1700000000006,
  SchemaState1700000000007,
  DestroyedSecrets1700000000020,
  LimitsOfTenants1700000000023,
  HeldBeneathPolicy1700000000028,
  AuditEvents1700000000029,
  AuditPartitions1700000000033,
  Leases1700000000034,
  TrustAnchorSets1700000000035,
  SearchColumns1700000000036,
  RevocationEvidence1700000000037,
  RememberedRevocations1700000000038,
  CertificateSearches1700000000039,
  UserSearch1700000000040,
  LoginRefusals1700000000041,
  CertificateDenials1700000000042,
  Rollover1700000000043,
  Jobs1700000000044,
  TrigramsAcrossWords1700000000045,
  UserTrigramsAcrossWords1700000000046,
];
