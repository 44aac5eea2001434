import { randomUUID } from 'node:crypto';

import { type TrailEvent, trailValues } from '../audit/trail-event.js';
import type { Caller } from '../common/actor.js';
import type { Database, Statement, StatementRunner } from '../database/database.js';
import type { DemoAuthority } from './demo-certificates.js';
import { createCredential, commentCredential } from './demo-credentials.js';
import { ADMINISTRATOR, CLIENT, LAPTOP, PHONE, STRICT, TOLERANT, USER } from './demo-world.js';
import { ANY_CLIENT, CREATE_CLIENT, CREATE_POLICY, CREATE_USER } from './demo.queries.js';

/**
 * Fills an empty database, in one transaction: whatever is killed when, the next start finds all of it or none. Every
 * row has its line in the trail, as if the routes had made it. Answers whether there was anything to do.
 */
export async function seedDemo(
  database: Database,
  authority: Pick<DemoAuthority, 'good'>,
  now: Date,
): Promise<boolean> {
  if ((await database.run(ANY_CLIENT, [])).length > 0) return false;
  const laptop = await authority.good('Jane Doe');
  const phone = await authority.good('Jane Doe');
  const caller: Caller = {
    actor: { userExtId: 'demo', clientExtId: CLIENT.extId, permissions: new Set(), dataRoom: 'all' },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId: randomUUID(),
  };
  await database.transaction(async (runner) => {
    const seed = new Seed(runner, caller);
    await seed.client();
    await seed.policy('CertificatePolicy', TOLERANT);
    await seed.policy('CertificatePolicy', STRICT);
    await seed.policy('PwdPolicy', { extId: 'password', description: null, defaultPolicy: true, parameters: {} });
    await seed.user(ADMINISTRATOR);
    await seed.user(USER);
    await createCredential(runner, caller, LAPTOP, laptop);
    await createCredential(runner, caller, PHONE, phone);
    // Its second version, so that version 1 is stale in whatever order the lines of the demo are tried.
    await commentCredential(runner, caller, LAPTOP, 'Made by the first start');
  });
  return true;
}

interface PolicyRow {
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
    await this.create(CREATE_CLIENT, 'client', CLIENT.extId, [CLIENT.name], { name: CLIENT.name });
  }

  async policy(policyType: string, { extId, description, defaultPolicy, parameters }: PolicyRow): Promise<void> {
    const values = [extId, policyType, description, defaultPolicy, JSON.stringify(parameters)];
    const after = { policyType, name: extId, description: description ?? undefined, defaultPolicy, parameters };
    await this.create(CREATE_POLICY, 'policy', extId, values, after);
  }

  async user({ extId, firstName, familyName, email }: typeof USER | typeof ADMINISTRATOR): Promise<void> {
    const after = {
      loginId: extId,
      userState: 'active',
      isTechnicalUser: false,
      name: { firstName, familyName },
      contacts: { email },
    };
    await this.create(CREATE_USER, 'user', extId, [extId, firstName, familyName, email], after);
  }

  private async create(
    statement: Statement,
    kind: TrailEvent['kind'],
    extId: string,
    values: readonly unknown[],
    after: object,
  ): Promise<void> {
    const incarnation = randomUUID();
    const event: TrailEvent = { action: 'created', kind, extId, incarnation, changed: Object.keys(after), after };
    await this.runner.run(statement, [
      CLIENT.extId,
      incarnation,
      this.caller.now,
      ...values,
      ...trailValues(this.caller, kind === 'user' ? { ...event, userExtId: extId } : event),
    ]);
  }
}
