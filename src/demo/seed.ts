import { randomUUID } from 'node:crypto';

import { storeNewClient } from '../clients/client-store.js';
import type { Caller } from '../common/actor.js';
import type { Database, StatementRunner } from '../database/database.js';
import { hashPassword } from '../passwords/argon2id.js';
import { storeNewPolicy } from '../policies/policy-store.js';
import type { PolicyType } from '../policies/policy-types.rules.js';
import { storeNewUser } from '../users/user-store.js';
import { newUser } from '../users/user.rules.js';
import type { DemoAuthority } from './demo-certificates.js';
import { createCredential, commentCredential } from './demo-credentials.js';
import { ADMINISTRATOR, CLIENT, LAPTOP, PASSWORD, PHONE, STRICT, TOLERANT, USER } from './demo-data.js';
import { createPassword } from './demo-password.js';
import { ANY_CLIENT } from './demo.queries.js';

/**
 * Fills an empty database in one transaction, so that after a crash the next start finds all data or none. Every row
 * has its audit event, as if it had been created through the routes. Returns whether there was anything to do.
 */
export async function seedDemo(
  database: Database,
  authority: Pick<DemoAuthority, 'good'>,
  password: string,
  now: Date,
): Promise<boolean> {
  if ((await ANY_CLIENT.first(database, {})) !== undefined) return false;
  const laptop = await authority.good('Jane Doe');
  const phone = await authority.good('Jane Doe');
  const hash = await hashPassword(password);
  const caller: Caller = {
    actor: { userExtId: 'demo', clientExtId: CLIENT.extId, permissions: new Set(), dataRoom: 'all' },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId: randomUUID(),
  };
  await database.transaction('', async (runner) => {
    const seed = new Seed(runner, caller);
    await seed.client();
    await seed.policy('CertificatePolicy', TOLERANT);
    await seed.policy('CertificatePolicy', STRICT);
    await seed.policy('PwdPolicy', {
      extId: PASSWORD.policyExtId,
      description: null,
      defaultPolicy: true,
      parameters: {},
    });
    await seed.user(ADMINISTRATOR);
    await seed.user(USER);
    await createCredential(runner, caller, LAPTOP, laptop);
    await createCredential(runner, caller, PHONE, phone);
    await createPassword(runner, caller, { password, hash });
    // Creates version 2, so that version 1 is stale in whatever order the commands of the demo are used.
    await commentCredential(runner, caller, LAPTOP, 'Made by the first start');
  });
  return true;
}

interface DemoPolicy {
  readonly extId: string;
  readonly description: string | null;
  readonly defaultPolicy: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

class Seed {
  constructor(
    private readonly runner: StatementRunner,
    private readonly caller: Caller,
  ) {}

  async client(): Promise<void> {
    const row = { ...CLIENT, displayName: null, remarks: 'Made by the first start, to be tried out' };
    await storeNewClient(this.runner, this.caller, { ...row, ...this.beginning() });
  }

  async policy(policyType: PolicyType, policy: DemoPolicy): Promise<void> {
    const row = { ...policy, policyType, name: policy.extId, clientExtId: CLIENT.extId };
    await storeNewPolicy(this.runner, this.caller, { ...row, ...this.beginning() });
  }

  async user({ extId, name, contacts }: typeof USER | typeof ADMINISTRATOR): Promise<void> {
    const row = { ...newUser({ name, contacts }, extId), extId, clientExtId: CLIENT.extId };
    await storeNewUser(this.runner, this.caller, { ...row, ...this.beginning() });
  }

  private beginning() {
    return { generation: randomUUID(), version: 1, created: this.caller.now, lastModified: this.caller.now };
  }
}
