import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';

import type { ClientRow } from '../../src/clients/client.table.js';
import { foldCase } from '../../src/common/fold-case.js';
import type { PolicyRow } from '../../src/policies/policy.table.js';
import type { UserRow } from '../../src/users/user.table.js';
import { START_OF_TIME } from './app.js';

/** Inserts rows as the routes would; a test passes only the columns that matter to it. */
export class Builders {
  private readonly stamps = { version: 1, created: new Date(START_OF_TIME), lastModified: new Date(START_OF_TIME) };

  constructor(private readonly dataSource: DataSource) {}

  async client(extId: string): Promise<void> {
    await this.dataSource
      .getRepository<ClientRow>('clients')
      .insert({ extId, generation: randomUUID(), name: extId, ...this.stamps });
  }

  /** Inserts a CertificatePolicy; the one called `default` is the default of the client. */
  async policy(clientExtId: string, extId: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.dataSource.getRepository<PolicyRow>('policies').insert({
      clientExtId,
      extId,
      generation: randomUUID(),
      policyType: 'CertificatePolicy',
      name: extId,
      defaultPolicy: extId === 'default',
      parameters,
      evaluationVersion: 1,
      ...this.stamps,
    });
  }

  async user(clientExtId: string, extId: string, columns: Partial<UserRow> = {}): Promise<void> {
    await this.dataSource.getRepository<UserRow & { readonly loginIdFolded: string }>('users').insert({
      clientExtId,
      extId,
      generation: randomUUID(),
      loginId: extId,
      loginIdFolded: foldCase(extId),
      state: 'active',
      isTechnicalUser: false,
      ...this.stamps,
      ...(columns as object),
    });
  }
}
